package dev.tidesync.transport.http;

import dev.tidesync.spi.CheckedSettings;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import java.time.Duration;
import java.util.Map;

/** One instance's settings, read and checked. Secrets are not in it: they are looked up for each request. */
record HttpConfig(
        TargetRules targets,
        Credentials credentials,
        IdempotencyHeader idempotency,
        OutcomeRules outcomes,
        Map<String, String> headers,
        String userAgent,
        boolean gzip,
        ClientLimits limits,
        TlsTrust trust) {

    /** Times and amounts that bound one client. */
    record ClientLimits(
            Duration callTimeout, Duration connectTimeout, Duration readTimeout, int perOrigin, int responseBytes) {}

    /**
     * Reads the settings.
     *
     * @param engineVersion for the User-Agent
     * @throws TransportConfigException with every problem, if there is any
     */
    static HttpConfig from(Settings raw, String engineVersion) throws TransportConfigException {
        CheckedSettings settings = new CheckedSettings(raw);
        TargetRules targets = TargetRules.from(settings);
        HttpConfig config = new HttpConfig(
                targets,
                Credentials.from(settings, targets.baseUrl()),
                IdempotencyHeader.from(settings),
                OutcomeRules.from(settings),
                headers(settings),
                userAgent(settings, engineVersion),
                settings.flag(HttpSettings.GZIP),
                limits(settings),
                TlsTrust.from(settings));
        settings.throwIfAnyProblem();
        return config;
    }

    private static Map<String, String> headers(CheckedSettings settings) {
        Map<String, String> headers = settings.group(HttpSettings.HEADERS);
        headers.forEach((name, value) ->
                settings.read("headers." + name, () -> HeaderRules.requireValue(HeaderRules.requireName(name), value)));
        return headers;
    }

    private static String userAgent(CheckedSettings settings, String engineVersion) {
        return settings.parsed(HttpSettings.USER_AGENT, text -> HeaderRules.requireValue("User-Agent", text))
                .orElse("Tidesync/" + engineVersion);
    }

    private static ClientLimits limits(CheckedSettings settings) {
        return new ClientLimits(
                settings.duration(HttpSettings.CALL_TIMEOUT),
                settings.duration(HttpSettings.CONNECT_TIMEOUT),
                settings.duration(HttpSettings.READ_TIMEOUT),
                settings.number(HttpSettings.MAX_CONCURRENCY_PER_HOST),
                settings.sizeBytes(HttpSettings.MAX_RESPONSE_BYTES));
    }
}
