package dev.tidesync.transport.ws;

import dev.tidesync.spi.CheckedSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Decides where an operation's target leads, and whether it may be gone to. Immutable. */
final class TargetRules {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|\\[::1]|127(\\.(\\d{1,2}|1\\d\\d|2[0-4]\\d|25[0-5])){3}");

    private final Map<String, URI> named;
    private final HostPatterns allowedHosts;
    private final boolean allowCleartext;

    private TargetRules(Map<String, URI> named, HostPatterns allowedHosts, boolean allowCleartext) {
        this.named = Map.copyOf(named);
        this.allowedHosts = allowedHosts;
        this.allowCleartext = allowCleartext;
    }

    static TargetRules from(CheckedSettings settings) {
        HostPatterns allowed = settings.read(
                        WsSettings.ALLOWED_HOSTS, () -> HostPatterns.of(settings.list(WsSettings.ALLOWED_HOSTS)))
                .orElse(HostPatterns.NONE);
        boolean allowCleartext = settings.flag(WsSettings.ALLOW_CLEARTEXT);
        Map<String, URI> named = new LinkedHashMap<>();
        settings.group(WsSettings.DESTINATIONS)
                .forEach((name, url) -> settings.read("destinations." + name, () -> parse(url, allowCleartext))
                        .ifPresent(uri -> named.put(name, uri)));
        return new TargetRules(named, allowed, allowCleartext);
    }

    /** The hosts that configuration names, and so trusts with credentials. */
    Set<String> configuredHosts() {
        return named.values().stream()
                .map(uri -> uri.getHost().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Where the target leads.
     *
     * @throws IllegalArgumentException if it leads nowhere or may not be gone to; the message shows no query
     */
    Target resolve(String target) {
        int hash = target.indexOf('#');
        String place = hash < 0 ? target : target.substring(0, hash);
        String address = hash < 0 ? "" : target.substring(hash + 1);
        URI configured = named.get(place);
        if (configured != null) {
            return new Target(configured, address);
        }
        if (!place.contains("://")) {
            throw new IllegalArgumentException("no destination has the name '" + place + "'; known: "
                    + named.keySet().stream().sorted().toList() + "; set destinations." + place
                    + ", or use a ws:// or wss:// URL");
        }
        URI uri = parse(place, allowCleartext);
        checkHost(uri.getHost().toLowerCase(Locale.ROOT));
        return new Target(uri, address);
    }

    private void checkHost(String host) {
        if (!allowedHosts.isEmpty()
                && !allowedHosts.match(host)
                && !configuredHosts().contains(host)) {
            throw new IllegalArgumentException(
                    "host '" + host + "' is not among " + WsSettings.ALLOWED_HOSTS + "; add it there");
        }
    }

    private static URI parse(String text, boolean allowCleartext) {
        URI uri = parse(text);
        if (uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("expected a URL such as wss://example.com/path");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the URL carries a user name or password; configure " + WsSettings.AUTH_TYPE + " instead");
        }
        boolean cleartext = uri.getScheme().equals("ws");
        if (!cleartext && !uri.getScheme().equals("wss")) {
            throw new IllegalArgumentException("expected ws:// or wss:// but was '" + uri.getScheme() + "://'");
        }
        if (cleartext && !allowCleartext && !isLoopback(uri.getHost())) {
            throw new IllegalArgumentException("ws:// to '" + uri.getHost() + "' would leave this machine unencrypted;"
                    + " use wss, or set " + WsSettings.ALLOW_CLEARTEXT + "=true");
        }
        return uri;
    }

    private static URI parse(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null) {
                return uri;
            }
        } catch (URISyntaxException malformed) {
            // Its message quotes the URL, whose query may hold a secret.
        }
        throw new IllegalArgumentException("expected a URL such as wss://example.com/path, other characters escaped");
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }
}
