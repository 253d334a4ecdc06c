package dev.ebb.proxy.testing;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class NoLeaksTest {

    @Test
    void bufferThatIsNotReleasedIsFound() {
        ThreadLeakDetector.begin("leaking");

        ByteBuf leaked = PooledByteBufAllocator.DEFAULT.buffer(16);

        assertThatThrownBy(ThreadLeakDetector::end)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("leak");
        assertThatThrownBy(leaked::release).hasMessageContaining("leaking");
    }

    @Test
    void buffersThatAreReleasedAreNot() {
        ThreadLeakDetector.begin("clean");

        PooledByteBufAllocator.DEFAULT.buffer(16).release();

        assertThatNoException().isThrownBy(ThreadLeakDetector::end);
    }
}
