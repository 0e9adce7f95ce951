package dev.tidesync.transport.p2p;

import io.nayuki.qrcodegen.QrCode.Ecc;

/** A QR code in a terminal: two modules a character, light on dark, so that it also reads on a black background. */
final class QrCode {
    /** The standard asks for four light modules around it. */
    private static final int QUIET = 4;

    private QrCode() {}

    static String of(String text) {
        io.nayuki.qrcodegen.QrCode code = io.nayuki.qrcodegen.QrCode.encodeText(text, Ecc.MEDIUM);
        StringBuilder drawn = new StringBuilder();
        for (int y = -QUIET; y < code.size + QUIET; y += 2) {
            for (int x = -QUIET; x < code.size + QUIET; x++) {
                boolean upper = !code.getModule(x, y);
                boolean lower = !code.getModule(x, y + 1);
                drawn.append(upper ? lower ? '█' : '▀' : lower ? '▄' : ' ');
            }
            drawn.append('\n');
        }
        return drawn.toString();
    }
}
