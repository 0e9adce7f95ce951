package dev.tidesync.tck;

import dev.tidesync.api.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The contract, set up for the sound transport and for the bad ones that are made from it. */
abstract class ListAsOtherSide extends TransportContract {
    private final SoundProvider provider;

    ListAsOtherSide(SoundProvider provider) {
        this.provider = provider;
    }

    @Override
    protected final SoundProvider provider() {
        return provider;
    }

    @Override
    protected Operation deliverable() {
        return Operation.of("sound.send", "/open", "");
    }

    @Override
    protected List<Received> received() {
        return List.copyOf(provider.taken);
    }

    @Override
    protected Optional<Operation> unreachable() {
        return to("/unreachable");
    }

    @Override
    protected Optional<Operation> malformed() {
        return to("/malformed");
    }

    @Override
    protected Optional<Operation> refused() {
        return to("/refused");
    }

    @Override
    protected Optional<Operation> unanswered() {
        return to("/unanswered");
    }

    private static Optional<Operation> to(String target) {
        return Optional.of(Operation.of("sound.send", target, ""));
    }

    @Override
    protected Duration patience() {
        return Duration.ofSeconds(1);
    }
}
