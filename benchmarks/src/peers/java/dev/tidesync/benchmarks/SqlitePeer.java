package dev.tidesync.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** SQLite with a write-ahead log; each commit of something enqueued is forced, as {@code synchronous=FULL} does. */
final class SqlitePeer implements Peer {
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement claim;
    private final PreparedStatement done;

    SqlitePeer(Path directory) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("peer.db"));
        execute("PRAGMA journal_mode=WAL");
        execute("PRAGMA synchronous=FULL");
        execute("CREATE TABLE outbox(number INTEGER PRIMARY KEY, claimed INTEGER NOT NULL, operation BLOB NOT NULL)");
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT INTO outbox VALUES (?, 0, ?)");
        claim = connection.prepareStatement("UPDATE outbox SET claimed = 1 WHERE number BETWEEN ? AND ?");
        done = connection.prepareStatement("DELETE FROM outbox WHERE number BETWEEN ? AND ?");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public synchronized void enqueue(long number, byte[] operation) throws SQLException {
        insert(number, operation);
        connection.commit();
    }

    private void insert(long number, byte[] operation) throws SQLException {
        insert.setLong(1, number);
        insert.setBytes(2, operation);
        insert.executeUpdate();
    }

    @Override
    public synchronized void live(long firstNumber, int count, byte[] operation) throws SQLException {
        for (long number = firstNumber; number < firstNumber + count; number++) {
            insert(number, operation);
        }
        connection.commit();
        change(claim, firstNumber, count);
        change(done, firstNumber, count);
    }

    private void change(PreparedStatement statement, long firstNumber, int count) throws SQLException {
        statement.setLong(1, firstNumber);
        statement.setLong(2, firstNumber + count - 1);
        statement.executeUpdate();
        connection.commit();
    }

    @Override
    public synchronized void close() throws SQLException {
        connection.close();
    }
}
