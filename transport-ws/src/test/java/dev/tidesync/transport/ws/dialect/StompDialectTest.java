package dev.tidesync.transport.ws.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StompDialectTest {
    private final StompDialect dialect = new StompDialect();

    private static Operation.Builder operation() {
        return Operation.builder()
                .id("a")
                .kind("ws.send")
                .target("broker")
                .payload("hello")
                .idempotencyKey("key:1");
    }

    private static String text(WsFrame frame) {
        return new String(frame.bytes(), StandardCharsets.UTF_8);
    }

    private WsEvent decode(String frame) {
        return dialect.decode(frame.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theGreetingLogsIn() {
        WsFrame frame = dialect.greeting("broker.example.com", Optional.of(new WsLogin("ann", "s:ecret")))
                .orElseThrow();

        assertThat(text(frame))
                .isEqualTo("CONNECT\naccept-version:1.2\nhost:broker.example.com\nheart-beat:0,0\nlogin:ann\n"
                        + "passcode:s:ecret\n\n\0");
    }

    @Test
    void aLineBreakInThePasswordCannotAddAHeader() {
        Optional<WsLogin> login = Optional.of(new WsLogin("ann", "x\nhost:evil"));

        assertThatThrownBy(() -> dialect.greeting("h", login))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining("evil");
    }

    @Test
    void anOperationIsASendThatAsksForAReceipt() {
        WsFrame frame = dialect.encode(operation().header("note", "a\nb").build(), "/queue/q", 7);

        assertThat(frame.isText()).isTrue();
        assertThat(text(frame))
                .isEqualTo("SEND\ndestination:/queue/q\nreceipt:7\ncontent-length:5\npersistent:true\n"
                        + "idempotency-key:key\\c1\nnote:a\\nb\n\nhello\0");
    }

    @Test
    void anOperationCannotSetTheHeadersOfTheProtocol() {
        WsFrame frame = dialect.encode(
                operation()
                        .header("receipt", "99")
                        .header("destination", "/queue/h")
                        .build(),
                "",
                7);

        assertThat(text(frame))
                .contains("receipt:7\n", "destination:/queue/h\n")
                .doesNotContain("99");
    }

    @Test
    void binaryPayloadsGoAsBinaryMessages() {
        Operation binary = operation().payload(new byte[] {(byte) 0xff, 0}).build();

        assertThat(dialect.encode(binary, "/queue/q", 1).isText()).isFalse();
    }

    @Test
    void anOperationWithoutDestinationIsRefusedByName() {
        Operation lost = operation().build();

        assertThatThrownBy(() -> dialect.encode(lost, "", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("#/queue/name");
    }

    @Test
    void theBrokersFramesAreUnderstood() {
        assertThat(decode("CONNECTED\nversion:1.2\n\n\0")).isEqualTo(new WsEvent.Ready());
        assertThat(decode("RECEIPT\r\nreceipt-id:7\r\n\r\n\0")).isEqualTo(new WsEvent.Accepted(7, ""));
        assertThat(decode("ERROR\nmessage:no such queue\\c q\nreceipt-id:8\n\n\0"))
                .isEqualTo(new WsEvent.Failed(OptionalLong.of(8), "no such queue: q"));
        assertThat(decode("ERROR\n\nin the body\0")).isEqualTo(new WsEvent.Failed(OptionalLong.empty(), "in the body"));
    }

    @Test
    void heartbeatsAndNonsenseAreIgnored() {
        assertThat(decode("\n")).isInstanceOf(WsEvent.Ignored.class);
        assertThat(decode("MESSAGE\nsubscription:1\n\nhi\0")).isInstanceOf(WsEvent.Ignored.class);
        assertThat(decode("RECEIPT\nreceipt-id:soon\n\n\0")).isInstanceOf(WsEvent.Ignored.class);
    }
}
