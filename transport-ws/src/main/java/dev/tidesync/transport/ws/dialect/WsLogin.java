package dev.tidesync.transport.ws.dialect;

/** A name and password for dialects that log in with a message of their own. Its text form shows neither. */
public record WsLogin(String username, String password) {
    @Override
    public String toString() {
        return "WsLogin{••••}";
    }
}
