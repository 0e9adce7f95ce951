package dev.tidesync.transport.p2p;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A node in a process of its own, until it is killed. */
final class NodeMain {
    private NodeMain() {}

    public static void main(String[] args) throws InterruptedException {
        try (TestNode node = new TestNode(Path.of(args[0]))) {
            assert node.port() > 0;
            new CountDownLatch(1).await();
        }
    }
}
