package dev.flopscope.cli;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import dev.flopscope.run.ProgressListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows progress on standard error, a bar an activity, if a person watches it; else nothing. */
final class ProgressBars implements ProgressListener, AutoCloseable {
    private static final int STANDARD_ERROR = 2;
    private static final int WIDTH = 79;
    private static final int REDRAW_MILLISECONDS = 200;

    private final boolean visible = showsStandardError();
    private @Nullable Activity activity;
    private @Nullable ProgressBar bar;

    @Override
    public void advanced(Activity advancing, long done, long total) {
        if (!visible) {
            return;
        }
        if (bar == null || activity != advancing) {
            close();
            activity = advancing;
            bar = new ProgressBarBuilder()
                    .setTaskName(advancing.label())
                    .setInitialMax(total)
                    .setUnit(" " + advancing.unit(), 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setMaxRenderedLength(WIDTH)
                    .setUpdateIntervalMillis(REDRAW_MILLISECONDS)
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.stepTo(done);
    }

    /** Whether a person sees standard error as it is written. Java itself only tells of input and output together. */
    private static boolean showsStandardError() {
        return !Platform.isWindows()
                && Function.getFunction("c", "isatty").invokeInt(new Object[] {STANDARD_ERROR}) == 1;
    }

    @Override
    public void close() {
        clear();
    }

    /** Takes the bar off the terminal, so that a line can be printed; the next progress shows a new one. */
    void clear() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
