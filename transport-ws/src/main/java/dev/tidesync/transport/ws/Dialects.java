package dev.tidesync.transport.ws;

import dev.tidesync.transport.ws.dialect.WsDialect;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the dialects that this plugin's class loader can see. */
final class Dialects {
    private Dialects() {}

    /**
     * The dialect of this sub-protocol.
     *
     * @throws IllegalArgumentException if there is none; names those there are
     */
    static WsDialect named(String subProtocol) {
        List<WsDialect> found = ServiceLoader.load(WsDialect.class, WsDialect.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return found.stream()
                .filter(dialect -> dialect.subProtocol().equals(subProtocol))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of "
                        + found.stream().map(WsDialect::subProtocol).sorted().toList() + " but was '" + subProtocol
                        + "'"));
    }
}
