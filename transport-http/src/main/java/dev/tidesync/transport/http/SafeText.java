package dev.tidesync.transport.http;

import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Makes texts for errors and logs: short, on one line, and without credentials, queries and user info. */
final class SafeText {
    private static final int LONGEST = 300;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");
    private static final Pattern USER_INFO = Pattern.compile("//[^/?#]*@");

    private SafeText() {}

    /** The text as it may be shown; what the receiver sent may quote the credentials it was shown. */
    static String of(String text, PreparedRequest request) {
        String shown = request.withoutCredentials(text);
        String line = CONTROL.matcher(shown).replaceAll(" ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }

    /** A URL without user info, query and fragment. */
    static String url(HttpUrl url) {
        return url(url.toString());
    }

    /** What a receiver gave as a URL, without user info, query and fragment. */
    static String url(String text) {
        int end = text.length();
        for (char mark : new char[] {'?', '#'}) {
            int at = text.indexOf(mark);
            end = at < 0 ? end : Math.min(end, at);
        }
        String shown = text.substring(0, end) + (end < text.length() ? "?…" : "");
        return USER_INFO.matcher(shown).replaceFirst("//");
    }
}
