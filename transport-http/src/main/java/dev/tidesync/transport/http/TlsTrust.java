package dev.tidesync.transport.http;

import dev.tidesync.spi.CheckedSettings;
import dev.tidesync.spi.Settings;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;
import okhttp3.CertificatePinner;
import okhttp3.OkHttpClient;

/** Whom this side believes to be the receiver: certificate authorities of its own, pinned keys. Immutable. */
record TlsTrust(Optional<X509TrustManager> authorities, CertificatePinner pins) {

    static TlsTrust from(CheckedSettings settings) {
        return new TlsTrust(authorities(settings), pins(settings));
    }

    private static Optional<X509TrustManager> authorities(CheckedSettings settings) {
        String password = settings.text(HttpSettings.TRUST_STORE_PASSWORD).orElse("");
        return settings.parsed(HttpSettings.TRUST_STORE, path -> TrustStore.load(path, password.toCharArray()));
    }

    private static CertificatePinner pins(CheckedSettings settings) {
        CertificatePinner.Builder pins = new CertificatePinner.Builder();
        Map<String, String> byHost = settings.group(HttpSettings.PINS);
        for (String host : byHost.keySet()) {
            String key = HttpSettings.PINS.replace("*", host);
            settings.read(key, () -> addPins(pins, host, settings.settings(), key));
        }
        return pins.build();
    }

    private static CertificatePinner.Builder addPins(
            CertificatePinner.Builder pins, String host, Settings settings, String key) {
        return pins.add(host, settings.list(key).toArray(String[]::new));
    }

    void applyTo(OkHttpClient.Builder client) {
        client.certificatePinner(pins);
        authorities.ifPresent(trusted -> client.sslSocketFactory(TrustStore.socketFactory(trusted), trusted));
    }
}
