package dev.tidesync.transport.http;

import dev.tidesync.spi.CheckedSettings;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Decides which URL an operation's target stands for, and whether it may be asked. Immutable. */
final class TargetRules {
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*", Pattern.DOTALL);
    private static final Pattern SAFE_CHARACTERS = Pattern.compile("[\\x21-\\x7e]+");

    private final @Nullable HttpUrl baseUrl;
    private final HostPatterns allowedHosts;
    private final boolean allowCleartext;

    private TargetRules(@Nullable HttpUrl baseUrl, HostPatterns allowedHosts, boolean allowCleartext) {
        this.baseUrl = baseUrl;
        this.allowedHosts = allowedHosts;
        this.allowCleartext = allowCleartext;
    }

    static TargetRules from(CheckedSettings settings) {
        boolean allowCleartext = settings.flag(HttpSettings.ALLOW_CLEARTEXT);
        HttpUrl base = settings.parsed(HttpSettings.BASE_URL, text -> parseBase(text, allowCleartext))
                .orElse(null);
        List<String> hosts = settings.list(HttpSettings.ALLOWED_HOSTS);
        HostPatterns allowed = settings.read(HttpSettings.ALLOWED_HOSTS, () -> HostPatterns.of(hosts))
                .orElse(HostPatterns.NONE);
        return new TargetRules(base, allowed, allowCleartext);
    }

    private static HttpUrl parseBase(String text, boolean allowCleartext) {
        HttpUrl base = ABSOLUTE.matcher(text).matches() ? HttpUrl.parse(text) : null;
        if (base == null || base.query() != null || base.fragment() != null || hasUserInfo(base)) {
            throw new IllegalArgumentException(
                    "expected an http or https URL without user, query and fragment, as https://api.example.com/v1");
        }
        if (!base.isHttps() && !allowCleartext && !Loopback.isLoopback(base.host())) {
            throw new IllegalArgumentException("expected https but was 'http://" + base.host() + "'; use https, or set "
                    + HttpSettings.ALLOW_CLEARTEXT + "=true");
        }
        return base;
    }

    private static boolean hasUserInfo(HttpUrl url) {
        return !url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty();
    }

    Optional<HttpUrl> baseUrl() {
        return Optional.ofNullable(baseUrl);
    }

    /** The URL to ask. A target that is not absolute is appended to the base, whatever it holds. */
    HttpUrl resolve(String target) throws UnsendableException {
        HttpUrl url = ABSOLUTE.matcher(target).matches() ? parse(target) : parse(belowBase(target));
        if (hasUserInfo(url)) {
            throw UnsendableException.permanent(
                    "http.url", "the target carries a user name or password; configure auth.type instead");
        }
        checkHost(url);
        checkCleartext(url);
        return url;
    }

    private static HttpUrl parse(String target) throws UnsendableException {
        HttpUrl url = SAFE_CHARACTERS.matcher(target).matches() ? HttpUrl.parse(target) : null;
        if (url == null) {
            throw UnsendableException.permanent(
                    "http.url",
                    "the target is not a valid URL; expected https://host/path with other characters escaped");
        }
        return url;
    }

    private String belowBase(String target) throws UnsendableException {
        if (baseUrl == null) {
            throw UnsendableException.blocked(Verdict.BLOCKED.result(
                    "http.no-base-url",
                    "the target is not an absolute URL and there is no base to put it below; set "
                            + HttpSettings.BASE_URL + " for this transport"));
        }
        String base = baseUrl.toString();
        String start = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        return start + (target.startsWith("/") || target.startsWith("?") ? target : "/" + target);
    }

    private void checkHost(HttpUrl url) throws UnsendableException {
        boolean isBase = baseUrl != null && baseUrl.host().equals(url.host());
        if (!isBase && !allowedHosts.isEmpty() && !allowedHosts.match(url.host())) {
            throw UnsendableException.permanent(
                    "http.host",
                    "host '" + url.host() + "' is not among " + HttpSettings.ALLOWED_HOSTS + "; add it there");
        }
    }

    private void checkCleartext(HttpUrl url) throws UnsendableException {
        if (!url.isHttps() && !allowCleartext && !Loopback.isLoopback(url.host())) {
            throw UnsendableException.permanent(
                    "http.cleartext",
                    "http:// to '" + url.host() + "' would leave this machine unencrypted; use https, or set "
                            + HttpSettings.ALLOW_CLEARTEXT + "=true");
        }
    }
}
