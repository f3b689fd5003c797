package dev.flopscope.run;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** What Java's collectors take. */
final class GarbageCollection {
    private GarbageCollection() {}

    /** What all collectors took since the program began, to the millisecond; one that does not tell says −1. */
    static long nanoseconds() {
        return TimeUnit.MILLISECONDS.toNanos(ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .filter(milliseconds -> milliseconds > 0)
                .sum());
    }
}
