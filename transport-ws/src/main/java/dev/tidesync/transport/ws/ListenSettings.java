package dev.tidesync.transport.ws;

import dev.tidesync.spi.CheckedSettings;
import dev.tidesync.spi.Settings;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Reads how to receive. */
final class ListenSettings {
    /** A host or address, in brackets if it has colons, and a port. */
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+):(\\d{1,5})");

    private static final int HIGHEST_PORT = 65_535;

    private ListenSettings() {}

    /** How to receive; empty if nothing is to be received, or what is wrong with it is among the problems. */
    static Optional<WsReceiver.Config> read(CheckedSettings settings) {
        Optional<InetSocketAddress> address = settings.parsed(WsSettings.LISTEN, ListenSettings::address);
        return address.flatMap(known -> settings.read(WsSettings.LISTEN, () -> config(settings, known)));
    }

    private static InetSocketAddress address(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > HIGHEST_PORT) {
            throw new IllegalArgumentException("expected HOST:PORT such as 127.0.0.1:8090 but was '" + text + "'");
        }
        return new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    private static WsReceiver.Config config(CheckedSettings settings, InetSocketAddress address) {
        WsReceiver.Config.Builder config = WsReceiver.Config.builder()
                .address(address)
                .allowCleartext(settings.flag(WsSettings.LISTEN_ALLOW_CLEARTEXT))
                .maxConnections(settings.number(WsSettings.LISTEN_MAX_CONNECTIONS))
                .maxMessageBytes(settings.sizeBytes(WsSettings.LISTEN_MAX_MESSAGE_BYTES))
                .heartbeat(settings.duration(WsSettings.HEARTBEAT));
        Settings raw = settings.settings();
        if (!settings.group(WsSettings.LISTEN_TOKENS).isEmpty()) {
            config.tokens(() -> raw.group(WsSettings.LISTEN_TOKENS));
        }
        settings.text(WsSettings.LISTEN_KEY_STORE)
                .ifPresent(path -> config.tls(tls(
                        path,
                        settings.text(WsSettings.LISTEN_KEY_STORE_PASSWORD).orElse(""))));
        return config.build();
    }

    private static SSLContext tls(String path, String password) {
        try {
            KeyStore store = KeyStore.getInstance(new File(path), password.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException(
                    "cannot read '" + path + "' (" + unusable + "); expected a PKCS12 or JKS key store with a key",
                    unusable);
        }
    }
}
