package dev.tidesync.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A setting's value that stands for another: {@code ${env:NAME}} or {@code ${file:PATH}}. */
final class SecretReference {
    private static final Pattern SHAPE = Pattern.compile("\\$\\{(env|file):([^}]+)}");

    private SecretReference() {}

    static boolean isReference(String text) {
        return SHAPE.matcher(text).matches();
    }

    /**
     * What the text stands for; the text itself if it is no reference.
     *
     * @throws IllegalStateException if the variable is not set or the file cannot be read; names the reference
     */
    static String resolve(String text, UnaryOperator<@Nullable String> environment) {
        Matcher reference = SHAPE.matcher(text);
        if (!reference.matches()) {
            return text;
        }
        String name = reference.group(2);
        return reference.group(1).equals("env") ? fromEnvironment(name, environment) : fromFile(Path.of(name));
    }

    private static String fromEnvironment(String name, UnaryOperator<@Nullable String> environment) {
        String value = environment.apply(name);
        if (value == null) {
            throw new IllegalStateException("environment variable " + name + " is not set; set it and try again");
        }
        return value;
    }

    private static String fromFile(Path path) {
        try {
            return Files.readString(path).strip();
        } catch (IOException unreadable) {
            throw new IllegalStateException(
                    "cannot read the secret in " + path + ": " + unreadable + "; make the file readable", unreadable);
        }
    }
}
