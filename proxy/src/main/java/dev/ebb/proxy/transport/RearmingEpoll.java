package dev.ebb.proxy.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/// Netty's epoll, with a cure for one fault of it (seen in 4.2.13 to 4.2.18).
///
/// A channel that waits for nothing (its peer has half-closed, and what is to be written has been)
/// is taken out of the epoll set. The next time that it waits for something, mostly for room in the
/// socket's buffer in the middle of a long answer, Netty modifies what is no longer there: ENOENT,
/// and the connection breaks. Here such a channel is registered anew.
final class RearmingEpoll implements IoHandler {

    private final IoHandler epoll;

    private RearmingEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new RearmingEpoll(factory.newHandler(executor));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(handle, epoll.register(handle));
    }

    /// Used on the event loop.
    private final class Registration implements IoRegistration {

        private final IoHandle handle;
        private IoRegistration present;
        private boolean added;
        private boolean removed;

        Registration(IoHandle handle, IoRegistration present) {
            this.handle = handle;
            this.present = present;
        }

        @Override
        public long submit(IoOps ops) {
            boolean waitsForNothing = EpollIoOps.NONE.equals(ops);
            if (removed) {
                if (waitsForNothing) {
                    return 0;
                }
                registerAnew();
            }
            removed = added && waitsForNothing;
            added = !waitsForNothing;
            return present.submit(ops);
        }

        private void registerAnew() {
            present.cancel();
            try {
                present = epoll.register(handle);
            } catch (Exception e) {
                throw new IllegalStateException(handle + ": cannot be registered again", e);
            }
        }

        @Override
        public boolean isValid() {
            return present.isValid();
        }

        @Override
        public boolean cancel() {
            return present.cancel();
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature.
        public <T> T attachment() {
            return present.attachment();
        }
    }
}
