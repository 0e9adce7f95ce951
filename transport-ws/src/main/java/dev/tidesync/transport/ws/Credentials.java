package dev.tidesync.transport.ws;

import dev.tidesync.spi.CheckedSettings;
import dev.tidesync.spi.Settings;
import dev.tidesync.transport.ws.dialect.WsLogin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what a connection shows about who is calling, anew for every connection, so that a rotated secret is seen
 * without a restart. Only the hosts they are meant for get credentials. Immutable; no text form shows a secret.
 */
final class Credentials {
    /** The parts of the opening that say who is calling. */
    record Opening(Map<String, String> headers, List<String> subProtocols, Optional<WsLogin> login, Secrets secrets) {
        @Override
        public String toString() {
            return "Opening{" + headers.keySet() + "}";
        }
    }

    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]*");

    private final Settings settings;
    private final String type;
    private final HostPatterns hosts;
    private final Set<String> configuredHosts;
    private final String userAgent;

    private Credentials(
            Settings settings, String type, HostPatterns hosts, Set<String> configuredHosts, String userAgent) {
        this.settings = settings;
        this.type = type;
        this.hosts = hosts;
        this.configuredHosts = configuredHosts;
        this.userAgent = userAgent;
    }

    static Credentials from(CheckedSettings settings, TargetRules targets, String engineVersion) {
        String type = settings.text(WsSettings.AUTH_TYPE).orElse("none");
        HostPatterns hosts = settings.read(
                        WsSettings.AUTH_HOSTS, () -> HostPatterns.of(settings.list(WsSettings.AUTH_HOSTS)))
                .orElse(HostPatterns.NONE);
        switch (type) {
            case "none" -> {}
            case "login" -> {
                requireSet(settings, WsSettings.AUTH_USERNAME);
                requireSet(settings, WsSettings.AUTH_PASSWORD);
            }
            default -> requireSet(settings, WsSettings.AUTH_TOKEN);
        }
        if (!type.equals("none") && hosts.isEmpty() && targets.configuredHosts().isEmpty()) {
            settings.problem(
                    WsSettings.AUTH_HOSTS,
                    "must name the hosts that get the credentials, since no destination is configured");
        }
        settings.parsed(WsSettings.AUTH_HEADER, Credentials::headerName);
        settings.group(WsSettings.HEADERS)
                .forEach((name, value) ->
                        settings.read("headers." + name, () -> headerName(name) + headerValue(name, value)));
        return new Credentials(
                settings.settings(), type, hosts, targets.configuredHosts(), "Tidesync/" + engineVersion);
    }

    private static void requireSet(CheckedSettings settings, String key) {
        if (!settings.isSet(key)) {
            settings.problem(key, "is required with the chosen " + WsSettings.AUTH_TYPE);
        }
    }

    private static String headerName(String name) {
        if (!HEADER_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("expected a header name but was '" + name + "'");
        }
        return name;
    }

    private static String headerValue(String name, String value) {
        if (!HEADER_VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("the value of header " + name + " must be printable ASCII");
        }
        return value;
    }

    /**
     * What a connection to this target opens with.
     *
     * @throws IllegalStateException if a secret cannot be looked up; names the reference, never the secret
     * @throws IllegalArgumentException if a secret cannot stand in a header; does not show it
     */
    Opening forConnectionTo(Target target) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", userAgent);
        settings.group(WsSettings.HEADERS).forEach((name, value) -> headers.put(name, headerValue(name, value)));
        List<String> subProtocols = new ArrayList<>();
        Optional<WsLogin> login = Optional.empty();
        List<String> secrets = new ArrayList<>();
        if (!type.equals("none") && areMeantFor(target.host())) {
            switch (type) {
                case "bearer" -> headers.put("Authorization", headerValue("Authorization", "Bearer " + token(secrets)));
                case "header" -> {
                    String name = secret(WsSettings.AUTH_HEADER);
                    headers.put(name, headerValue(name, token(secrets)));
                }
                case "protocol" -> subProtocols.add(tokenProtocol(secrets));
                default -> login = Optional.of(login(secrets));
            }
        }
        return new Opening(headers, subProtocols, login, new Secrets(secrets));
    }

    private boolean areMeantFor(String host) {
        return hosts.isEmpty() ? configuredHosts.contains(host) : hosts.match(host);
    }

    private String token(List<String> secrets) {
        String token = secret(WsSettings.AUTH_TOKEN);
        secrets.add(token);
        return token;
    }

    /** The token as a sub-protocol, in the manner of Kubernetes, since browsers' servers read no other header. */
    private String tokenProtocol(List<String> secrets) {
        byte[] token = token(secrets).getBytes(StandardCharsets.UTF_8);
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
        secrets.add(encoded);
        return secret(WsSettings.AUTH_PROTOCOL_PREFIX) + encoded;
    }

    private WsLogin login(List<String> secrets) {
        String password = secret(WsSettings.AUTH_PASSWORD);
        secrets.add(password);
        return new WsLogin(secret(WsSettings.AUTH_USERNAME), password);
    }

    private String secret(String key) {
        return settings.text(key).orElseThrow(() -> new IllegalStateException(key + " is not set"));
    }
}
