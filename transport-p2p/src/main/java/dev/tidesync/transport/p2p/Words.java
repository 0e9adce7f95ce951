package dev.tidesync.transport.p2p;

/** What the other side says, cut and cleaned before it stands in a log or an error. */
final class Words {
    private static final int MAX_CHARS = 200;

    private Words() {}

    static String of(String said) {
        String cut = said.length() <= MAX_CHARS ? said : said.substring(0, MAX_CHARS) + "…";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
