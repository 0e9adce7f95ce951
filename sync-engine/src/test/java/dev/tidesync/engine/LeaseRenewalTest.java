package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.spi.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseRenewalTest {
    private static final long T0 = 1_000_000;

    private final List<Long> renewals = new ArrayList<>();
    private final LeaseRenewal leases = new LeaseRenewal(
            new MemoryOutboxStore() {
                @Override
                public synchronized void renewLeases(Collection<Claim> claims, long nowMs) {
                    renewals.add(nowMs);
                }
            },
            Duration.ofSeconds(10));

    @Test
    void leasesAreRenewedFourTimesInTheirTimeHoweverManyStepsThereAre() {
        for (long nowMs = T0; nowMs < T0 + 10_000; nowMs += 10) {
            leases.renewIfDue(List::of, nowMs);
        }

        assertThat(renewals).containsExactly(T0, T0 + 2_500, T0 + 5_000, T0 + 7_500);
    }

    @Test
    void leasesAreRenewedAtOnceAfterALongRest() {
        leases.renewIfDue(List::of, T0);
        leases.renewIfDue(List::of, T0 + 3_600_000);

        assertThat(renewals).containsExactly(T0, T0 + 3_600_000);
    }

    @Test
    void leasesAreRenewedWhenTheClockHasGoneBack() {
        leases.renewIfDue(List::of, T0);
        leases.renewIfDue(List::of, T0 - 3_600_000);
        leases.renewIfDue(List::of, T0 - 3_599_999);

        assertThat(renewals).containsExactly(T0, T0 - 3_600_000);
    }
}
