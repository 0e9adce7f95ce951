package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.tck.OutboxStoreContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * The store's contract finds a bad store: each is a sound one with one vice, and fails the rule that the vice breaks.
 */
class BadStoresIT {
    /** What a bad store does instead of what it is asked. */
    @FunctionalInterface
    private interface Vice {
        @Nullable Object call(OutboxStore sound, Method method, Object... arguments) throws Throwable;
    }

    /**
     * A store with a vice.
     *
     * @param rule the rule that it breaks
     * @param method the method that it has got wrong
     */
    private record BadStore(String rule, String method, Vice vice) {
        OutboxStore over(OutboxStore sound) {
            return (OutboxStore) Proxy.newProxyInstance(
                    OutboxStore.class.getClassLoader(),
                    new Class<?>[] {OutboxStore.class},
                    (self, called, arguments) -> {
                        try {
                            return called.getName().equals(method)
                                    ? vice.call(sound, called, arguments)
                                    : called.invoke(sound, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }

        @Override
        public String toString() {
            return rule;
        }
    }

    private static final Vice NOTHING = (sound, method, arguments) -> null;
    private static final Vice YES = (sound, method, arguments) -> true;

    private static final List<BadStore> BAD_STORES = List.of(
            new BadStore(
                    "newOperationIsPendingAndKeepsItsIntent",
                    "get",
                    (sound, method, arguments) ->
                            sound.get((String) arguments[0]).map(BadStoresIT::withoutPayload)),
            new BadStore("anotherIntentUnderAKnownIdIsRefused", "put", (sound, method, arguments) -> {
                Operation operation = (Operation) arguments[0];
                return sound.get(operation.id()).isPresent() ? null : method.invoke(sound, arguments);
            }),
            new BadStore("unknownIdsAreRefusedWithoutAnError", "markDone", YES),
            new BadStore("outcomeIsTakenOnlyFromAnOperationInFlight", "markFailed", YES),
            new BadStore("whatIsInFlightDeliveredOrBuriedCannotBeClaimed", "claim", (sound, method, arguments) -> {
                method.invoke(sound, arguments);
                return true;
            }),
            new BadStore(
                    "leaseThatRanOutGivesTheOperationBack",
                    "requeueInflightOlderThan",
                    (sound, method, arguments) -> 0),
            new BadStore(
                    "pruningForgetsOldDoneOperationsOnly",
                    "pruneDone",
                    (sound, method, arguments) -> sound.pruneDone(Long.MAX_VALUE)),
            new BadStore("operationsAreListedInTheOrderOfPutting", "list", (sound, method, arguments) -> {
                List<Operation> backwards = new ArrayList<>(sound.list((ListOptions) arguments[0]));
                Collections.reverse(backwards);
                return backwards;
            }),
            new BadStore(
                    "limitsAreKept",
                    "list",
                    (sound, method, arguments) -> sound.list((ListOptions) arguments[0]).stream()
                            .limit(1)
                            .toList()),
            new BadStore(
                    "tokensGrowWithEveryClaim",
                    "claimReady",
                    (sound, method, arguments) -> sound.claimReady((ClaimRequest) arguments[0]).stream()
                            .map(claim -> new Claim(claim.operation(), claim.owner(), 7, false))
                            .toList()),
            new BadStore("claimCarriesTheOperationAndItsOwner", "claimReady", (sound, method, arguments) -> List.of()),
            new BadStore("oneOfManyThreadsWinsAnOperation", "claim", YES),
            new BadStore("secondDeliveryChangesNothing", "settle", (sound, method, arguments) -> false),
            new BadStore("renewedLeaseDoesNotRunOut", "renewLeases", NOTHING),
            new BadStore("waitingOperationCanBeCancelled", "cancel", NOTHING),
            new BadStore("whatIsNotWaitingCannotBeCancelled", "cancel", NOTHING),
            new BadStore("buriedOperationCanBeReplayed", "replay", NOTHING),
            new BadStore(
                    "forgettingDeadLettersTakesOldOnesOnly",
                    "pruneDeadLetters",
                    (sound, method, arguments) -> sound.pruneDeadLetters(Long.MAX_VALUE)),
            new BadStore("everyStatusIsCounted", "counts", (sound, method, arguments) -> Map.of()),
            new BadStore("pagesHoldEveryOperationOnce", "page", (sound, method, arguments) -> List.of()),
            new BadStore(
                    "operationThatMayBeClaimedIsReady", "standing", (sound, method, arguments) -> Optional.empty()),
            new BadStore(
                    "nextDueTimeIsTheFirstOfAll", "nextDueAtMs", (sound, method, arguments) -> OptionalLong.empty()),
            new BadStore("whatHasExpiredIsBuried", "expire", (sound, method, arguments) -> 0),
            new BadStore(
                    "whatAnEarlierLifeLeftInFlightIsTakenBack", "reclaimAbandoned", (sound, method, arguments) -> 0),
            new BadStore(
                    "defaultOwnerDiffersFromOneOpeningToTheNext", "defaultOwner", (sound, method, arguments) -> "me"),
            new BadStore("closedStoreSaysThatItIsClosed", "close", NOTHING),
            new BadStore("listenerHearsOfReadyOperations", "onReady", NOTHING));

    private static Operation withoutPayload(Operation operation) {
        return Operation.restore(operation.toBuilder().payload("").build())
                .status(operation.status())
                .updatedAtMs(operation.updatedAtMs())
                .build();
    }

    static Stream<BadStore> badStores() {
        return BAD_STORES.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badStores")
    void failsTheRuleThatItBreaks(BadStore store) {
        assertThat(run(store).failed().count())
                .as("failures of " + store.rule())
                .isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badStores")
    void withoutItsViceItKeepsTheRule(BadStore store) {
        Vice none = (sound, method, arguments) -> method.invoke(sound, arguments);

        assertThat(run(new BadStore(store.rule(), store.method(), none))
                        .succeeded()
                        .count())
                .isEqualTo(1);
    }

    private static Events run(BadStore store) {
        BadStoreCase.store = store;
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(BadStoreCase.class, store.rule()))
                .execute()
                .testEvents();
        assertThat(tests.started().count())
                .as("there is a rule " + store.rule())
                .isEqualTo(1);
        return tests;
    }

    /** The contract, run against whichever store comes next. */
    static final class BadStoreCase extends OutboxStoreContract {
        private static BadStore store = BAD_STORES.get(0);

        @TempDir
        Path directory;

        @Override
        protected OutboxStore openStore() {
            return store.over(FileOutboxStore.open(FileOutboxStore.Config.builder()
                    .filePath(directory.resolve("outbox.json"))
                    .fsyncOnWrite(false)
                    .retainDoneFor(Duration.ofDays(36_500)) // the rules deliver in times long over
                    .build()));
        }
    }
}
