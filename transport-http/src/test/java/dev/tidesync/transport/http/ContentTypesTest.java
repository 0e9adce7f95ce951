package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTypesTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", "[1, {\"a\": [2]}]", "\"text\"", "null", " true\n"})
    void oneJsonValueIsJson(String text) {
        assertThat(of(text)).isEqualTo(ContentTypes.JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{} {}", "[1,]", "hello", "a\tb\r\nc", "gr\u00fc\u00dfe \ud83c\udf0a"})
    void otherTextIsText(String text) {
        assertThat(of(text)).isEqualTo(ContentTypes.TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "\u001b[31m", "\u007f"})
    void textWithControlCharactersIsBytes(String text) {
        assertThat(of(text)).isEqualTo(ContentTypes.BYTES);
    }

    @Test
    void whatIsNotUtf8IsBytes() {
        assertThat(ContentTypes.of(new byte[] {(byte) 0xc3, 0x28})).isEqualTo(ContentTypes.BYTES);
    }

    @Test
    void nestingBeyondTheParsersLimitIsTextAndDoesNoHarm() {
        assertThat(of("[".repeat(100_000))).isEqualTo(ContentTypes.TEXT);
    }

    private static String of(String text) {
        return ContentTypes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
