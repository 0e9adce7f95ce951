package dev.tidesync.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An interface that the engine implements and plugins call. It may gain methods in a minor version, which breaks
 * whoever implements it elsewhere, such as a test's stand-in; interfaces without this mark gain methods with a default
 * only.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface HostImplemented {}
