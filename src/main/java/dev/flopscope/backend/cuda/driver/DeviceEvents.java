package dev.flopscope.backend.cuda.driver;

/** CUDA's events: marks between two pieces of work, whose distance in time can be read when both have been passed. */
final class DeviceEvents {
    private static final double NANOSECONDS = 1e6;

    private DeviceEvents() {}

    static long create() {
        long[] event = new long[1];
        Device.check("cuEventCreate", Driver.cuEventCreate(event, 0));
        return event[0];
    }

    static void record(long event, Device device) {
        device.enter();
        Device.check("cuEventRecord", Driver.cuEventRecord(event, device.stream()));
    }

    static void await(long event) {
        Device.check("cuEventSynchronize", Driver.cuEventSynchronize(event));
    }

    /** Nanoseconds from one event to another. */
    static double between(long start, long end) {
        float[] milliseconds = new float[1];
        Device.check("cuEventElapsedTime", Driver.cuEventElapsedTime(milliseconds, start, end));
        return milliseconds[0] * NANOSECONDS;
    }

    static void destroy(long event) {
        Device.check("cuEventDestroy", Driver.cuEventDestroy_v2(event));
    }
}
