package dev.ebb.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// Decides what becomes of each signal that this process gets: while it waits for the proxy, TERM,
/// INT and HUP end it; afterwards all go to the command. None is lost on the way from one to the
/// other. Thread-safe; each signal comes on a thread of its own.
///
/// QUIT is not among them: the JVM keeps it for thread dumps.
final class SignalRelay implements SignalHandler {

    private static final String[] ENDING = {"TERM", "INT", "HUP"};
    private static final String[] OTHERS = {"USR1", "USR2", "WINCH", "CONT", "TSTP"};

    private final WaitEnd waitEnd;
    private final @Nullable Hold hold;

    /// Of [#ENDING], those that are not ignored, as HUP is under nohup.
    private final List<Signal> ending = new ArrayList<>();

    /// Whether a signal has ended the wait; another thread exits the process then.
    private boolean ended;

    private Holding holding = Holding.NOT_YET;
    private @Nullable Child child;

    /// @param hold keeps the first TERM back, null to forward it like any other
    SignalRelay(WaitEnd waitEnd, @Nullable Hold hold) {
        this.waitEnd = waitEnd;
        this.hold = hold;
    }

    /// Is told that a signal has ended the wait; exits the process.
    interface WaitEnd {
        void endedBy(String name, int number);
    }

    private enum Holding {
        NOT_YET,
        NOW,
        OVER
    }

    /// Takes over the signals that end the wait.
    synchronized void takeEnding() {
        for (String name : ENDING) {
            Signal signal = new Signal(name);
            if (!SignalHandler.SIG_IGN.equals(Signal.handle(signal, this))) {
                ending.add(signal);
            }
        }
    }

    /// Starts the command and forwards signals from now on; those that come meanwhile wait for it.
    ///
    /// @return null if the command could not be started, which has been said
    @Nullable Child spawn(List<String> command) {
        for (String name : OTHERS) {
            Signal.handle(new Signal(name), this);
        }
        synchronized (this) {
            waitForeverIfEnded();
            child = Child.start(command);
            // Without a command there is nothing to forward to, and nothing to wait for either.
            ended = child == null;
            return child;
        }
    }

    /// Gives the signals back to the system, so that `execvp` can follow: what arrives from now on
    /// has its default effect, and what arrived before has ended this process.
    ///
    /// The JVM notes a signal and handles it later, on other threads. A note that is open at the
    /// moment of `execvp` would be lost; so this sends a signal after it and waits until that has
    /// been handled, and with it all that were noted before. They are handled in order of their
    /// numbers, of which WINCH has the highest.
    void giveBack() {
        CountDownLatch handled = new CountDownLatch(1);
        Signal last = new Signal("WINCH");
        Signal.handle(
                last,
                new SignalHandler() {
                    @Override
                    public void handle(Signal signal) {
                        handled.countDown();
                    }
                });
        for (Signal signal : ending) {
            Posix.defaultAction(signal.getNumber());
        }
        Signal.raise(last);
        try {
            handled.await();
            joinHandlers();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the main thread", e);
        }
        synchronized (this) {
            waitForeverIfEnded();
        }
    }

    @Override
    public void handle(Signal signal) {
        Child running;
        synchronized (this) {
            running = child;
            if (running == null && !endsWait(signal)) {
                return;
            }
        }
        if (running == null) {
            waitEnd.endedBy(signal.getName(), signal.getNumber());
        } else if (signal.getName().equals("TERM") && hold != null) {
            terminate(running, signal, hold);
        } else {
            running.signal(signal.getNumber());
        }
    }

    /// Ends the wait if the signal is the first that does.
    private boolean endsWait(Signal signal) {
        if (ended || !ending.contains(signal)) {
            return false;
        }
        ended = true;
        return true;
    }

    /// The first TERM waits for its hold, on its own thread; the second goes at once, for both.
    private void terminate(Child target, Signal signal, Hold withHold) {
        boolean first;
        synchronized (this) {
            first = holding == Holding.NOT_YET;
            holding = first ? Holding.NOW : Holding.OVER;
        }
        if (first) {
            withHold.await();
            synchronized (this) {
                if (holding == Holding.OVER) {
                    return;
                }
                holding = Holding.OVER;
            }
        }
        target.signal(signal.getNumber());
    }

    private void waitForeverIfEnded() {
        while (ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the main thread", e);
            }
        }
    }

    /// The JVM runs each handler on a thread named after the signal, in the outermost group.
    private void joinHandlers() throws InterruptedException {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread[] threads = new Thread[group.activeCount() + 16];
        int count = group.enumerate(threads);
        for (int i = 0; i < count; i++) {
            for (Signal signal : ending) {
                if (threads[i].getName().equals(signal + " handler")) {
                    threads[i].join();
                }
            }
        }
    }
}
