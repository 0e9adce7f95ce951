package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 7: counting and paging. */
interface StoreHistoryRules extends StoreUnderTest {
    @Test
    @DisplayName("7.1 every status is counted, also those that nothing has")
    default void everyStatusIsCounted() {
        needs(StoreFeature.HISTORY);
        put("pending-1", "pending-2", "in flight", "done", "failed");
        claim("in flight");
        claimAndFinish("done");
        claimAndFail("failed", T0 + 500);

        assertThat(store().counts())
                .containsEntry(OperationStatus.PENDING, 2L)
                .containsEntry(OperationStatus.IN_FLIGHT, 1L)
                .containsEntry(OperationStatus.DONE, 1L)
                .containsEntry(OperationStatus.FAILED, 1L)
                .containsEntry(OperationStatus.PERMANENT_FAILED, 0L);
    }

    @Test
    @DisplayName("7.2 pages hold every operation of a status once, in the order of putting")
    default void pagesHoldEveryOperationOnce() {
        List<String> ids =
                IntStream.range(0, 25).mapToObj(i -> "operation-" + i).toList();
        ids.forEach(this::put);

        List<String> paged = new ArrayList<>();
        List<String> page = ids(store().page(OperationStatus.PENDING, "", 10));
        while (!page.isEmpty()) {
            paged.addAll(page);
            page = ids(store().page(OperationStatus.PENDING, page.get(page.size() - 1), 10));
        }

        assertThat(paged).isEqualTo(ids);
    }

    @Test
    @DisplayName("7.3 final operations can be paged too, as they stand")
    default void finalOperationsCanBePaged() {
        needs(StoreFeature.HISTORY);
        put("done", "buried", "pending");
        claimAndFinish("done");
        claimAndBury("buried");

        assertThat(ids(store().page(OperationStatus.DONE, "", 10))).containsExactly("done");
        assertThat(store().page(OperationStatus.PERMANENT_FAILED, "", 10)).containsExactly(get("buried"));
    }

    @Test
    @DisplayName("7.5 the answer to a delivery is kept, also over a reopening")
    default void theAnswerToADeliveryIsKept() {
        needs(StoreFeature.TOKENS);
        needs(StoreFeature.ANSWERS);
        put("asked", "told");
        for (Claim claim : claimReady(T0, 10)) {
            String answer = claim.operation().id().equals("asked") ? "forty-two" : "";
            store().settle(Settlement.delivered(claim, T0).withAnswer(answer));
        }

        assertThat(get("asked").answer()).isEqualTo("forty-two");
        assertThat(get("told").answer()).isEmpty();
        needs(StoreFeature.REOPENING);
        reopen();
        assertThat(get("asked").answer()).isEqualTo("forty-two");
        assertThat(get("asked").lastError()).isEmpty();
    }

    @Test
    @DisplayName("7.4 a page of limit 0 or after an unknown id is empty")
    default void pageOfLimitZeroIsEmpty() {
        put("a");

        assertThat(store().page(OperationStatus.PENDING, "", 0)).isEmpty();
        assertThat(store().page(OperationStatus.PENDING, "nobody", 10)).isEmpty();
    }
}
