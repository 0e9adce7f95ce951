package dev.tidesync.transport.http;

import dev.tidesync.spi.CheckedSettings;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** What a person can change about how outcomes are judged. */
record OutcomeRules(
        Set<Integer> retryStatuses,
        Set<Integer> permanentStatuses,
        boolean retryAmbiguous,
        Duration longestRetryAfter,
        Duration blockedProbe) {

    static OutcomeRules from(CheckedSettings settings) {
        Set<Integer> retry = statuses(settings, HttpSettings.RETRY_STATUSES);
        Set<Integer> permanent = statuses(settings, HttpSettings.PERMANENT_STATUSES);
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

    private static Set<Integer> statuses(CheckedSettings settings, String key) {
        return settings.list(key).stream()
                .flatMap(text -> settings.read(key, () -> status(text)).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Integer status(String text) {
        if (!text.matches("[3-9]\\d\\d")) {
            throw new IllegalArgumentException("expected status codes from 300 to 999 but was '" + text + "'");
        }
        return Integer.valueOf(text);
    }
}
