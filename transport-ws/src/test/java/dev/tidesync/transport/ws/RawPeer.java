package dev.tidesync.transport.ws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that keeps to no rules but those a test gives it. */
final class RawPeer implements AutoCloseable {
    static final int TEXT = 0x1;
    static final int PING = 0x9;
    static final int CLOSE = 0x8;
    private static final int FIN = 0x80;

    private final Socket socket;

    private RawPeer(Socket socket) {
        this.socket = socket;
    }

    static RawPeer connected(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return new RawPeer(socket);
    }

    /** A peer whose handshake is complete, with these headers besides. */
    static RawPeer open(int port, String... headers) throws IOException {
        RawPeer peer = connected(port);
        peer.write(handshake(headers));
        String answer = peer.readHead();
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new IOException(answer);
        }
        return peer;
    }

    static byte[] handshake(String... headers) {
        return ("GET /inbox HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Protocol: json.reliable.webpubsub.azure.v1\r\n"
                        + String.join(
                                "",
                                java.util.Arrays.stream(headers)
                                        .map(header -> header + "\r\n")
                                        .toList())
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Everything up to and with the empty line. */
    String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    void sendText(String text) throws IOException {
        write(frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A masked frame, with a mask of zeros. */
    static byte[] frame(int firstByte, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) firstByte);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(0).put(payload);
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    static byte[] ping() {
        return frame(FIN | PING, new byte[100]);
    }

    /** The next text that is not the greeting; the number of the close code, if that comes first; "end" after that. */
    String next() throws IOException {
        InputStream in = socket.getInputStream();
        while (true) {
            int first = in.read();
            if (first < 0) {
                return "end";
            }
            byte[] payload = in.readNBytes(length(in));
            switch (first & 0x0F) {
                case TEXT -> {
                    String text = new String(payload, StandardCharsets.UTF_8);
                    if (!text.contains("\"connected\"")) {
                        return text;
                    }
                }
                case CLOSE -> {
                    return Integer.toString(ByteBuffer.wrap(payload).getShort());
                }
                default -> {}
            }
        }
    }

    private static int length(InputStream in) throws IOException {
        int length = in.read() & 0x7F;
        return switch (length) {
            case 126 -> ByteBuffer.wrap(in.readNBytes(2)).getShort() & 0xFFFF;
            case 127 -> (int) ByteBuffer.wrap(in.readNBytes(8)).getLong();
            default -> length;
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
