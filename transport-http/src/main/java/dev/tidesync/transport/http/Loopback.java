package dev.tidesync.transport.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.Dns;

/**
 * Knows the names that mean this machine, and resolves {@code localhost} to nothing else, so that cleartext which is
 * allowed for loopback cannot be led elsewhere by a name server.
 */
final class Loopback implements Dns {
    private static final Pattern IPV4 = Pattern.compile("127(\\.(\\d{1,2}|1\\d\\d|2[0-4]\\d|25[0-5])){3}");

    private final Dns dns;

    Loopback(Dns dns) {
        this.dns = dns;
    }

    /**
     * Whether a host, as {@link okhttp3.HttpUrl#host()} gives it, is this machine: {@code localhost}, a dotted
     * {@code 127.0.0.0/8} address or {@code ::1}. Other spellings of these are not recognised.
     */
    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("::1")
                || IPV4.matcher(host).matches();
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> addresses = dns.lookup(host);
        if (!host.equals("localhost")) {
            return addresses;
        }
        List<InetAddress> local =
                addresses.stream().filter(InetAddress::isLoopbackAddress).toList();
        if (local.isEmpty()) {
            throw new UnknownHostException("localhost does not resolve to a loopback address");
        }
        return local;
    }
}
