package dev.tidesync.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigValueTest {
    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "2h,PT2H", "7d,P7D", "0s,PT0S", "' 10 s ',PT10S"})
    void readsDurations(String text, Duration expected) {
        assertThat(ConfigValue.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "-1s", "1.5s", "s", "30 sec", "PT30S", "30S", "9999999999999999s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> ConfigValue.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a duration such as 500ms, 30s, 5m, 2h or 7d but was '" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "65536,65536", "12B,12", "64KiB,65536", "16MiB,16777216", "3 GiB,3221225472"})
    void readsSizes(String text, long expected) {
        assertThat(ConfigValue.sizeBytes(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "16MB", "16 mib", "-1", "1.5MiB", "MiB"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> ConfigValue.sizeBytes(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("but was '" + text + "'");
    }

    @Test
    void refusesASizeThatDoesNotFit() {
        assertThatThrownBy(() -> ConfigValue.sizeBytes("999999999999999GiB")).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void readsFlagsAndNothingElseAsFlags() {
        assertThat(ConfigValue.flag("true")).isTrue();
        assertThat(ConfigValue.flag(" false ")).isFalse();
        assertThatThrownBy(() -> ConfigValue.flag("yes")).hasMessage("expected true or false but was 'yes'");
    }

    @Test
    void readsWholeNumbers() {
        assertThat(ConfigValue.number(" -42 ")).isEqualTo(-42);
        assertThatThrownBy(() -> ConfigValue.number("4.2")).hasMessage("expected a whole number but was '4.2'");
        assertThatThrownBy(() -> ConfigValue.number("9223372036854775808"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsListsTrimmedAndWithoutEmptyItems() {
        assertThat(ConfigValue.list(" http., ws. ,,p2p.")).containsExactly("http.", "ws.", "p2p.");
        assertThat(ConfigValue.list("")).isEmpty();
    }
}
