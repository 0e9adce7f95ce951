package dev.tidesync.engine.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Keeps the engine's warnings about failing disks and networks out of the output while they are made on purpose. */
public final class WithoutLogging implements BeforeAllCallback, AfterAllCallback {
    private static final Logger ENGINE = (Logger) LoggerFactory.getLogger("dev.tidesync");

    @Override
    public void beforeAll(ExtensionContext context) {
        ENGINE.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ENGINE.setLevel(null);
    }
}
