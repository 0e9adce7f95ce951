/**
 * The stable part of Tidesync: the values an application hands over, and the interfaces that transports and stores
 * implement. Depends on the JDK alone.
 */
module dev.tidesync.api {
    requires static org.jspecify;

    exports dev.tidesync.api;
    exports dev.tidesync.spi;
}
