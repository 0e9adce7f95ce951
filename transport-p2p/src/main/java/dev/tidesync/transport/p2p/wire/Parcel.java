package dev.tidesync.transport.p2p.wire;

import dev.tidesync.api.Operation;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An operation that goes to its addressee through others, who can neither change it nor make it: a CBOR map, the
 * operation in it as the frame {@code op} has it.
 *
 * <pre>
 * {op: bytes, to, key: bytes, sig: bytes}     sig = ECDSA with SHA-256 over the CBOR of ["tidesync-relay/1", to, op]
 * </pre>
 *
 * The key is the public one of whoever sealed it, whose id is the key's digest. Everybody on the way can read it.
 */
public final class Parcel {
    private static final String CONTEXT = "tidesync-relay/1";
    private static final String ALGORITHM = "SHA256withECDSA";

    private final NodeId origin;
    private final NodeId to;
    private final Operation operation;
    private final String id;
    private final byte[] bytes;

    private Parcel(NodeId origin, NodeId to, Operation operation, byte[] signed, byte[] bytes) {
        this.origin = origin;
        this.to = to;
        this.operation = operation;
        this.id = id(origin, signed);
        this.bytes = bytes;
    }

    /** Seals an operation for somebody. */
    public static Parcel seal(Identity origin, NodeId to, Operation operation) {
        byte[] content = Cbor.encode(FrameCodec.map(operation));
        byte[] signed = signedPart(to.text(), content);
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(origin.privateKey());
            signature.update(signed);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("op", content);
            map.put("to", to.text());
            map.put("key", origin.certificate().getPublicKey().getEncoded());
            map.put("sig", signature.sign());
            return new Parcel(origin.id(), to, operation, signed, Cbor.encode(map));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }

    /**
     * Opens one, and proves who sealed it.
     *
     * @throws BadFrameException if it is none, or was not sealed so by whoever it names
     */
    public static Parcel open(byte[] bytes) throws BadFrameException {
        Fields fields = Fields.of(Cbor.decode(ByteBuffer.wrap(bytes)));
        byte[] content = fields.bytes("op");
        byte[] signed = signedPart(fields.text("to"), content);
        NodeId origin = proved(fields.bytes("key"), signed, fields.bytes("sig"));
        Operation operation = FrameCodec.operation(Fields.of(Cbor.decode(ByteBuffer.wrap(content))));
        return new Parcel(origin, addressee(fields), operation, signed, bytes.clone());
    }

    private static NodeId addressee(Fields fields) throws BadFrameException {
        String to = fields.text("to");
        if (!NodeId.isOne(to)) {
            throw new BadFrameException("a parcel must be for a node");
        }
        return new NodeId(to);
    }

    private static NodeId proved(byte[] encodedKey, byte[] signed, byte[] proof) throws BadFrameException {
        try {
            PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encodedKey));
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(signed);
            if (signature.verify(proof)) {
                return NodeId.of(key);
            }
        } catch (GeneralSecurityException malformed) {
            throw new BadFrameException("a parcel is not signed as it should be: " + malformed.getMessage());
        }
        throw new BadFrameException("a parcel is not from whom it says, or was changed on the way");
    }

    private static byte[] signedPart(String to, byte[] content) {
        return Cbor.encode(List.of(CONTEXT, to, content));
    }

    /** Who sealed it, which its signature has proved. */
    public NodeId origin() {
        return origin;
    }

    /** Whom it is for. */
    public NodeId to() {
        return to;
    }

    /** What it holds. */
    public Operation operation() {
        return operation;
    }

    /** The same for every parcel of this origin, addressee and content, though no two signatures are alike. */
    public String id() {
        return id;
    }

    /** A copy of the whole of it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    private static String id(NodeId origin, byte[] signed) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Cbor.encode(origin.text()));
            return "relayed-" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest(signed));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }
}
