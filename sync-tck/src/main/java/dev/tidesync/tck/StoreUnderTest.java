package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.OutboxStore;
import java.util.List;

/** The store that the rules run against, and the words that they are written in. */
interface StoreUnderTest {
    /** When each test begins. */
    long T0 = 1_700_000_000_000L;

    /** The open store. */
    OutboxStore store();

    /** Closes the store and opens it again on the same data. */
    OutboxStore reopen();

    /** Skips the test if the store leaves this to the defaults. */
    void needs(StoreFeature feature);

    default Operation.Builder operation(String id) {
        return Operation.builder()
                .id(id)
                .kind("http.post")
                .target("https://api.example.com/" + id)
                .payload("payload of " + id)
                .idempotencyKey("key-" + id);
    }

    /** Puts an operation as an outbox does: created and updated at T0. */
    default Operation put(Operation.Builder builder) {
        Operation operation = Operation.restore(builder.createdAtMs(T0).build())
                .updatedAtMs(T0)
                .build();
        store().put(operation);
        return operation;
    }

    default void put(String... ids) {
        for (String id : ids) {
            put(operation(id));
        }
    }

    default void putInLane(String lane, String... ids) {
        for (String id : ids) {
            put(operation(id).orderingKey(lane));
        }
    }

    default Operation get(String id) {
        return store().get(id).orElseThrow();
    }

    default List<String> readyIds(long nowMs) {
        return ids(store().list(ListOptions.readyAt(nowMs)));
    }

    default List<String> ids(List<Operation> operations) {
        return operations.stream().map(Operation::id).toList();
    }

    default void claim(String id) {
        assertThat(store().claim(id, "owner", T0)).as("claim of " + id).isTrue();
    }

    default void claimAndFinish(String id) {
        claim(id);
        assertThat(store().markDone(id, T0)).isTrue();
    }

    default void claimAndBury(String id) {
        claim(id);
        assertThat(store().markPermanentFailed(id, "rejected", T0)).isTrue();
    }

    default void claimAndFail(String id, long nextRetryAtMs) {
        claim(id);
        assertThat(store().markFailed(id, "no answer", T0, nextRetryAtMs)).isTrue();
    }

    default List<Claim> claimReady(long nowMs, int limit) {
        return claimReady(nowMs, limit, (kind, destination) -> Admission.upTo(Integer.MAX_VALUE));
    }

    default List<Claim> claimReady(long nowMs, int limit, ClaimRequest.Gate gate) {
        return store().claimReady(new ClaimRequest("owner", nowMs, limit, gate));
    }

    default List<String> claimedIds(List<Claim> claims) {
        return claims.stream().map(claim -> claim.operation().id()).toList();
    }

    /** The claim of the only ready operation. */
    default Claim claimOnly(long nowMs) {
        List<Claim> claims = claimReady(nowMs, 10);
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }
}
