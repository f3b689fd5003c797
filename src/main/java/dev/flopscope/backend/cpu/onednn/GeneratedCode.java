package dev.flopscope.backend.cpu.onednn;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Code that oneDNN generated, by what it is for. A piece serves only the thread that made it, so each thread has its own. Which
 * thread meets which shape is chance; what any thread has met is remembered, so that all can have it before they meet it.
 *
 * @param <K> all that tells a piece of code from others
 * @param <C> the code with its arguments
 */
public final class GeneratedCode<K, C> {
    private final ThreadLocal<Map<K, C>> ofThread = ThreadLocal.withInitial(HashMap::new);
    private final ConcurrentMap<K, Supplier<C>> met = new ConcurrentHashMap<>();
    private final LongAdder made = new LongAdder();

    /** This thread's code for {@code key}, which {@code maker} makes if there is none. */
    public C get(K key, Supplier<C> maker) {
        Map<K, C> own = ofThread.get();
        C code = own.get(key);
        if (code == null) {
            code = maker.get();
            made.increment();
            own.put(key, code);
            met.putIfAbsent(key, maker);
        }
        return code;
    }

    /** Makes for this thread whatever any thread has met. */
    public void getAll() {
        met.forEach(this::get);
    }

    /** How many pieces have been made, on all threads together. */
    public long made() {
        return made.sum();
    }
}
