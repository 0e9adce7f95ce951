package dev.tidesync.transport.fake;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.tck.Received;
import dev.tidesync.tck.TransportContract;
import dev.tidesync.transport.fake.FakeTransport.Rule;
import java.util.List;
import java.util.Optional;

class FakeTransportContractTest extends TransportContract {
    private static final String OPEN = "/open";

    @Override
    protected SyncTransportProvider provider() {
        return new FakeTransportProvider();
    }

    @Override
    protected Operation deliverable() {
        return Operation.of("fake.send", OPEN, "");
    }

    @Override
    protected List<Received> received() {
        return fake().sent().stream()
                .filter(operation -> operation.target().equals(OPEN))
                .map(operation -> Received.of(operation.payload(), operation.idempotencyKey()))
                .toList();
    }

    @Override
    protected Optional<Operation> unreachable() {
        return forTarget(
                "/unreachable", Rule.of(SendResult.retryable("no route").withScope(SendResult.Scope.TARGET)));
    }

    @Override
    protected Optional<Operation> malformed() {
        return forTarget("/malformed", Rule.permanent("malformed"));
    }

    @Override
    protected Optional<Operation> refused() {
        return forTarget("/refused", Rule.permanent("refused"));
    }

    @Override
    protected Optional<Operation> unanswered() {
        return forTarget("/unanswered", Rule.ok().heldUntilReleased());
    }

    private Optional<Operation> forTarget(String target, Rule rule) {
        fake().setRuleForTarget(target, rule);
        return Optional.of(Operation.of("fake.send", target, ""));
    }

    private FakeTransport fake() {
        return (FakeTransport) transport();
    }
}
