package dev.tidesync.transport.ws;

import java.util.List;
import java.util.regex.Pattern;

/** Makes the other side's words fit to be shown: on one short line, without the credentials it was shown. Immutable. */
record Secrets(List<String> secrets) {
    static final Secrets NONE = new Secrets(List.of());

    private static final int LONGEST = 300;
    /** Shorter secrets are left alone, since replacing each occurrence would garble the text. */
    private static final int SHORTEST_SECRET = 4;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    String mask(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = secret.length() < SHORTEST_SECRET ? masked : masked.replace(secret, "••••");
        }
        String line = CONTROL.matcher(masked).replaceAll(" ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }

    @Override
    public String toString() {
        return "Secrets{" + secrets.size() + "}";
    }
}
