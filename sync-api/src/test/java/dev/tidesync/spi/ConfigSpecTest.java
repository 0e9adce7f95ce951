package dev.tidesync.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigSpecTest {
    private final ConfigSpec spec = ConfigSpec.builder()
            .key(ConfigKey.of("base-url", ConfigType.TEXT, "Where relative targets lead.")
                    .asRequired())
            .key(ConfigKey.of("call-timeout", ConfigType.DURATION, "How long a call may take.")
                    .withDefault("30s"))
            .key(ConfigKey.of("pin", ConfigType.NUMBER, "A secret number.").asSecret())
            .key(ConfigKey.of("style", ConfigType.TEXT, "How keys are quoted.").oneOf("raw", "quoted"))
            .key(ConfigKey.of("headers.*", ConfigType.TEXT, "Headers to add."))
            .build();

    @Test
    void goodSettingsHaveNoProblem() {
        assertThat(problems(Map.of("base-url", "https://a", "call-timeout", "5s", "style", "raw", "headers.X-A", "1")))
                .isEmpty();
    }

    @Test
    void everyProblemIsFoundAtOnce() {
        assertThat(problems(Map.of("call-timeout", "soon", "style", "odd", "base-ulr", "https://a")))
                .containsExactlyInAnyOrder(
                        "call-timeout: expected a duration such as 500ms, 30s, 5m, 2h or 7d but was 'soon'",
                        "style: expected one of [raw, quoted] but was 'odd'",
                        "base-ulr: is not a known key; did you mean 'base-url'?",
                        "base-url: is required: Where relative targets lead.");
    }

    @Test
    void theValueOfASecretIsNeverShown() {
        assertThat(problems(Map.of("base-url", "https://a", "pin", "hunter2")))
                .containsExactly("pin: expected a whole number");
    }

    @Test
    void aReferenceIsNotReadBeforeItIsNeeded() {
        assertThat(problems(Map.of("base-url", "${env:URL}", "pin", "${file:/run/secrets/pin}")))
                .isEmpty();
    }

    @Test
    void anUnknownKeyThatResemblesNoneIsAnsweredWithAllThatAreKnown() {
        assertThat(problems(Map.of("base-url", "https://a", "colour", "blue")))
                .containsExactly(
                        "colour: is not a known key; known keys:" + " [base-url, call-timeout, pin, style, headers.*]");
    }

    @ParameterizedTest
    @CsvSource({"base-ulr,base-url", "call-timout,call-timeout", "styel,", "stile,style", "pim,pin", "ws,", "x,"})
    void onlyAKeyThatDiffersByASlipIsSuggested(String written, String expected) {
        assertThat(spec.nearest(written).orElse(null)).isEqualTo(expected);
    }

    @Test
    void aGroupCoversItsMembersButNotItsBareName() {
        assertThat(spec.find("headers.X-A")).map(ConfigKey::name).contains("headers.*");
        assertThat(spec.find("headers.")).isEmpty();
        assertThat(spec.find("headers")).isEmpty();
    }

    @Test
    void aKeyThatIsDeclaredTwiceIsABug() {
        ConfigSpec.Builder builder = ConfigSpec.builder().key(ConfigKey.of("a", ConfigType.TEXT, "A."));

        assertThatThrownBy(() -> builder.key(ConfigKey.of("a", ConfigType.FLAG, "Again.")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("config key 'a' is declared twice");
    }

    @Test
    void aDefaultThatItsTypeCannotReadIsABug() {
        assertThatThrownBy(() -> ConfigKey.of("a", ConfigType.NUMBER, "A.").withDefault("many"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private List<String> problems(Map<String, String> raw) {
        return spec.validate(raw).stream().map(ConfigProblem::toString).toList();
    }
}
