package dev.tidesync.transport.ws.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidesync.transport.ws.dialect.JsonReliableDialect;
import java.nio.charset.StandardCharsets;

/** Whatever a sender says becomes a message, and an operation in it is the one that our own sender would say. */
class MessageFuzzTest {
    private final JsonReliableDialect dialect = new JsonReliableDialect();

    @FuzzTest(maxDuration = "30s")
    void whatIsTakenIsReadTheSameOnceItIsWritten(byte[] bytes) {
        Message message = MessageReader.read(new String(bytes, StandardCharsets.UTF_8));
        if (message instanceof Message.Event event) {
            byte[] written =
                    dialect.encode(event.operation(), "", event.ackId()).bytes();
            Message again = MessageReader.read(new String(written, StandardCharsets.UTF_8));

            assertThat(again).isInstanceOf(Message.Event.class);
            assertThat(((Message.Event) again).ackId()).isEqualTo(event.ackId());
            assertThat(((Message.Event) again).operation().sameIntent(event.operation()))
                    .isTrue();
        }
    }
}
