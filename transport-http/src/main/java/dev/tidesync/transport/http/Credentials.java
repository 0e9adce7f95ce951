package dev.tidesync.transport.http;

import dev.tidesync.spi.CheckedSettings;
import dev.tidesync.spi.Settings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Reads the credentials that a request carries, anew for every request, so that a rotated secret is seen without a
 * restart. Only the hosts they are meant for get them. Immutable; has no text form that could show a secret.
 */
final class Credentials {
    /** A header with a secret value, and the parts of it that must not be shown. */
    record Header(String name, String value, List<String> secrets) {
        /** Shorter secrets are left alone in texts, since replacing each occurrence would garble the text. */
        private static final int SHORTEST_SECRET = 4;

        /** The text with every secret masked. */
        String mask(String text) {
            String masked = text;
            for (String secret : secrets) {
                masked = secret.length() < SHORTEST_SECRET ? masked : masked.replace(secret, "••••");
            }
            return masked;
        }

        @Override
        public String toString() {
            return name + ": ••••";
        }
    }

    private final String type;
    private final Settings settings;
    private final @Nullable HttpUrl baseUrl;
    private final HostPatterns hosts;

    private Credentials(String type, Settings settings, @Nullable HttpUrl baseUrl, HostPatterns hosts) {
        this.type = type;
        this.settings = settings;
        this.baseUrl = baseUrl;
        this.hosts = hosts;
    }

    /** The credentials that the settings describe; they are not looked up yet, since they may come later. */
    static Credentials from(CheckedSettings settings, Optional<HttpUrl> baseUrl) {
        String type = settings.text(HttpSettings.AUTH_TYPE).orElse("none");
        List<String> names = settings.list(HttpSettings.AUTH_HOSTS);
        HostPatterns hosts = settings.read(HttpSettings.AUTH_HOSTS, () -> HostPatterns.of(names))
                .orElse(HostPatterns.NONE);
        switch (type) {
            case "none" -> {}
            case "bearer" -> requireSet(settings, HttpSettings.AUTH_TOKEN);
            case "basic" -> {
                requireSet(settings, HttpSettings.AUTH_USERNAME);
                requireSet(settings, HttpSettings.AUTH_PASSWORD);
            }
            case "api-key" -> {
                requireSet(settings, HttpSettings.AUTH_TOKEN);
                settings.parsed(HttpSettings.AUTH_HEADER, HeaderRules::requireName);
            }
            default ->
                settings.problem(
                        HttpSettings.AUTH_TYPE, "expected none, bearer, basic or api-key but was '" + type + "'");
        }
        if (!type.equals("none") && baseUrl.isEmpty() && hosts.isEmpty()) {
            settings.problem(
                    HttpSettings.AUTH_HOSTS,
                    "must name the hosts that get the credentials, since there is no " + HttpSettings.BASE_URL);
        }
        return new Credentials(type, settings.settings(), baseUrl.orElse(null), hosts);
    }

    private static void requireSet(CheckedSettings settings, String key) {
        if (!settings.isSet(key)) {
            settings.problem(key, "is required with the chosen " + HttpSettings.AUTH_TYPE);
        }
    }

    /**
     * The header that a request to this URL carries; empty if it carries none.
     *
     * @throws IllegalStateException if a secret cannot be looked up or cannot stand in a header; never shows the secret
     */
    Optional<Header> forRequestTo(HttpUrl url) {
        if (type.equals("none") || !areMeantFor(url)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (type) {
                    case "bearer" -> bearer(secret(HttpSettings.AUTH_TOKEN));
                    case "basic" -> basic(secret(HttpSettings.AUTH_USERNAME), secret(HttpSettings.AUTH_PASSWORD));
                    default -> apiKey(secret(HttpSettings.AUTH_HEADER), secret(HttpSettings.AUTH_TOKEN));
                });
    }

    private boolean areMeantFor(HttpUrl url) {
        if (!hosts.isEmpty()) {
            return hosts.match(url.host());
        }
        return baseUrl != null
                && baseUrl.scheme().equals(url.scheme())
                && baseUrl.host().equals(url.host())
                && baseUrl.port() == url.port();
    }

    private String secret(String key) {
        return settings.text(key).orElseThrow(() -> new IllegalStateException(key + " is not set"));
    }

    private static Header bearer(String token) {
        return header("Authorization", "Bearer " + token, List.of(token));
    }

    private static Header basic(String username, String password) {
        String value = okhttp3.Credentials.basic(username, password, StandardCharsets.UTF_8);
        return header("Authorization", value, List.of(value.substring("Basic ".length()), password));
    }

    private static Header apiKey(String name, String key) {
        return header(name, key, List.of(key));
    }

    private static Header header(String name, String value, List<String> secrets) {
        try {
            return new Header(HeaderRules.requireName(name), HeaderRules.requireValue(name, value), secrets);
        } catch (IllegalArgumentException unusable) {
            throw new IllegalStateException(unusable.getMessage(), unusable);
        }
    }
}
