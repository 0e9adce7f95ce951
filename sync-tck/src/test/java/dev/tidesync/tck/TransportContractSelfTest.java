package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The contract finds the rule that a bad transport breaks, and no other broken. */
class TransportContractSelfTest {
    static Stream<Arguments> badTransports() {
        return Stream.of(
                broken("theProviderCanBeInstantiated", BadProviders.Unconstructible::new),
                broken("theServicesFileNamesTheProvider", BadProviders.Unregistered::new),
                broken("theDescriptorIsAlwaysTheSame", BadProviders.Fickle::new),
                broken("theSpiLevelIsServed", BadProviders.OfTheFuture::new),
                broken("everySettingIsExplained", BadProviders.OpenSecret::new),
                broken("eachTransportIsANewOne", BadProviders.Singleton::new),
                broken("makingATransportDeliversNothing", BadProviders.Eager::new),
                broken("thePayloadArrivesByteForByte", BadProviders.TextOnly::new),
                broken("aBlockingSendDelivers", BadProviders.AsynchronousOnly::new),
                broken("theIdempotencyKeyTravelsWithEveryAttempt", BadProviders.KeyMaker::new),
                broken("manySendsAtATimeArriveOnceEach", BadProviders.Lossy::new),
                broken("anUnreachableDestinationIsRetryable", BadProviders.Pessimist::new),
                broken("aMalformedTargetIsPermanent", BadProviders.Optimist::new),
                broken("aRefusedOperationIsPermanent", BadProviders.Stubborn::new),
                broken("aTransportDeliversAgainAfterAFailure", BadProviders.Sulking::new),
                broken("aFailureNeverShowsThePayload", BadProviders.Talkative::new),
                broken("aCancelledSendComesToAnEnd", BadProviders.Deaf::new),
                broken("aBlockingSendCanBeInterrupted", BadProviders.Uninterruptible::new),
                broken("aCallReturnsAtOnce", BadProviders.SlowToCall::new),
                broken("aCancellationReturnsAtOnce", BadProviders.SlowToAbort::new),
                broken("closingTakesAFewSecondsAtMost", BadProviders.SlowToClose::new),
                broken("closingTwiceDoesNoHarm", BadProviders.ClosedOnce::new),
                broken("aSendAfterClosingIsRetryable", BadProviders.Undead::new),
                broken("aRunningSendEndsAsRetryable", BadProviders.Abandoning::new),
                broken("noThreadIsLeftBehind", BadProviders.ThreadLeaking::new));
    }

    private static Arguments broken(String rule, Supplier<SoundProvider> provider) {
        return arguments(rule, provider);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTransports")
    void onlyTheRuleThatIsBrokenFails(String rule, Supplier<SoundProvider> provider) {
        BadTransportCase.provider = provider;

        List<String> failed = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(BadTransportCase.class))
                .execute()
                .testEvents()
                .failed()
                .map(TransportContractSelfTest::methodOf)
                .toList();

        assertThat(failed).containsExactly(rule);
    }

    private static String methodOf(Event event) {
        return event.getTestDescriptor()
                .getUniqueId()
                .getLastSegment()
                .getValue()
                .replace("()", "");
    }

    @AfterAll
    static void letLeakedThreadsGo() {
        BadProviders.ThreadLeaking.LET_GO.countDown();
    }

    /** The contract, run against whichever provider comes next. */
    static final class BadTransportCase extends ListAsOtherSide {
        private static Supplier<SoundProvider> provider = SoundProvider::new;

        BadTransportCase() {
            super(provider.get());
        }
    }
}
