package dev.tidesync.transport.http;

import java.time.Duration;
import java.util.Set;

/** What a person can change about how outcomes are judged. */
record OutcomeRules(
        Set<Integer> retryStatuses,
        Set<Integer> permanentStatuses,
        boolean retryAmbiguous,
        Duration longestRetryAfter,
        Duration blockedProbe) {

    static OutcomeRules from(CheckedSettings settings) {
        Set<Integer> retry = settings.statuses(HttpSettings.RETRY_STATUSES);
        Set<Integer> permanent = settings.statuses(HttpSettings.PERMANENT_STATUSES);
        retry.stream()
                .filter(permanent::contains)
                .forEach(status -> settings.problem(
                        HttpSettings.RETRY_STATUSES,
                        status + " is also among " + HttpSettings.PERMANENT_STATUSES + "; remove one of them"));
        return new OutcomeRules(
                retry,
                permanent,
                settings.flag(HttpSettings.RETRY_AMBIGUOUS),
                settings.duration(HttpSettings.RETRY_AFTER_MAX),
                settings.duration(HttpSettings.BLOCKED_PROBE));
    }
}
