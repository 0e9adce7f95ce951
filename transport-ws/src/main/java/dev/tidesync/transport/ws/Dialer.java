package dev.tidesync.transport.ws;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Connects sockets: tries every address of a host in turn, then puts TLS on top. Blocks; immutable. */
record Dialer(TlsTrust trust, Duration timeout) {
    /**
     * A connected socket, TLS checked.
     *
     * @param adopt is shown each TCP socket before it connects, so that another thread can close it
     */
    Socket dial(Target target, Consumer<Socket> adopt) throws IOException {
        List<InetAddress> addresses = resolve(target);
        long deadline = System.nanoTime() + timeout.toNanos();
        IOException lastFailure = new UnknownHostException(target.host());
        for (int i = 0; i < addresses.size(); i++) {
            long share = (deadline - System.nanoTime()) / (addresses.size() - i) / 1_000_000;
            try {
                Socket tcp = connect(new InetSocketAddress(addresses.get(i), target.port()), share, adopt);
                return target.secure() ? trust.secure(tcp, hostName(target), target.port()) : tcp;
            } catch (java.net.ConnectException | java.net.NoRouteToHostException | java.net.SocketTimeoutException e) {
                lastFailure = e;
            }
        }
        throw lastFailure;
    }

    /** A name that means this machine must not be led elsewhere by a name server: cleartext is allowed to it. */
    private static List<InetAddress> resolve(Target target) throws UnknownHostException {
        List<InetAddress> addresses = Arrays.asList(InetAddress.getAllByName(hostName(target)));
        if (!TargetRules.isLoopback(target.host())) {
            return addresses;
        }
        return addresses.stream().filter(InetAddress::isLoopbackAddress).toList();
    }

    private static String hostName(Target target) {
        String host = target.host();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static Socket connect(InetSocketAddress address, long timeoutMs, Consumer<Socket> adopt)
            throws IOException {
        Socket socket = new Socket();
        adopt.accept(socket);
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, (int) Math.max(1, timeoutMs));
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }
}
