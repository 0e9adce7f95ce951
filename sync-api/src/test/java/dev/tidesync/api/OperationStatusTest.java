package dev.tidesync.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OperationStatusTest {
    @ParameterizedTest
    @CsvSource({"PENDING, 0", "IN_FLIGHT, 1", "DONE, 2", "FAILED, 3", "PERMANENT_FAILED, 4"})
    void codesAreStable(OperationStatus status, int code) {
        assertThat(status.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeLeadsBack(OperationStatus status) {
        assertThat(OperationStatus.ofCode(status.code())).isEqualTo(status);
    }

    @Test
    void anUnknownCodeIsRefused() {
        assertThatThrownBy(() -> OperationStatus.ofCode(9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("status code must be 0 to 4, was: 9");
    }
}
