package dev.tidesync.transport.p2p.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PEM file that holds a node's key and certificate; readable by its owner alone, and made on first use. Whoever can
 * read it can pass for the node.
 */
public final class KeyFile {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final int LINE = 64;

    private final Path file;

    /** The key in this file, which need not exist yet. */
    public KeyFile(Path file) {
        this.file = file;
    }

    /** Whether a key was made already. */
    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * The identity in the file; a new one if there is no file yet.
     *
     * @throws IOException if the file cannot be read or written, is damaged, or can be read by others
     */
    public Identity loadOrCreate() throws IOException {
        if (!exists()) {
            OwnFiles.whileLocked(file, () -> {
                if (!exists()) {
                    OwnFiles.replace(file, text(Identity.create()));
                }
            });
        }
        return load();
    }

    private Identity load() throws IOException {
        refuseIfOthersMayRead();
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        try {
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(block(text, KEY)));
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block(text, CERTIFICATE)));
            certificate.verify(certificate.getPublicKey());
            return new Identity(key, certificate);
        } catch (GeneralSecurityException | IllegalArgumentException damaged) {
            throw new IOException(
                    "key file " + file + " cannot be read as a P-256 key with its certificate: " + damaged.getMessage()
                            + "; restore it from a copy, or move it away to become a new node",
                    damaged);
        }
    }

    private void refuseIfOthersMayRead() throws IOException {
        if (!OwnFiles.hasPosixPermissions(file)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        Set<PosixFilePermission> owners = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        if (!owners.containsAll(permissions)) {
            throw new IOException("key file " + file + " is open to others: expected rw------- but was "
                    + PosixFilePermissions.toString(permissions) + "; run: chmod 600 " + file);
        }
    }

    private static byte[] block(String text, String label) {
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            if (blocks.group(1).equals(label)) {
                return Base64.getMimeDecoder().decode(blocks.group(2));
            }
        }
        throw new IllegalArgumentException("it holds no " + label);
    }

    private static String text(Identity identity) {
        try {
            return pem(KEY, identity.privateKey().getEncoded())
                    + pem(CERTIFICATE, identity.certificate().getEncoded());
        } catch (GeneralSecurityException ownCertificate) {
            throw new AssertionError(ownCertificate);
        }
    }

    private static String pem(String label, byte[] der) {
        String lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }
}
