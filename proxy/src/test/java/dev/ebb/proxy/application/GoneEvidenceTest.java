package dev.ebb.proxy.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.application.GoneEvidence.Port;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GoneEvidenceTest {

    private final GoneEvidence evidence = new GoneEvidence(Port.UNKNOWN);

    @Test
    void openPortMeansAlive() {
        evidence.open();
        evidence.observe(0, 0, at(0));

        assertThat(evidence.gone(at(3_600))).isFalse();
    }

    @Test
    void refusingPortAndFiveSilentSecondsMeanGone() {
        evidence.open();
        evidence.observe(0, 0, at(10));

        evidence.refused();

        assertThat(evidence.gone(at(14.9))).isFalse();
        assertThat(evidence.gone(at(15))).isTrue();
    }

    @Test
    void openConnectionIsASignOfLife() {
        evidence.open();
        evidence.refused();
        evidence.observe(0, 0, at(0));

        evidence.observe(1, 0, at(4));

        assertThat(evidence.gone(at(60))).isFalse();
    }

    @Test
    void shortOutboundCallIsASignOfLife() {
        evidence.open();
        evidence.refused();
        evidence.observe(0, 7, at(0));
        evidence.observe(0, 7, at(1));

        evidence.observe(0, 8, at(4));
        evidence.observe(0, 8, at(5));

        assertThat(evidence.gone(at(9.9))).isFalse();
        assertThat(evidence.gone(at(10))).isTrue();
    }

    @Test
    void portThatOpensAgainMeansAlive() {
        evidence.open();
        evidence.refused();
        evidence.observe(0, 0, at(0));

        evidence.open();

        assertThat(evidence.gone(at(60))).isFalse();
    }

    @Test
    void applicationThatWasNeverSeenIsNotWaitedFor() {
        evidence.observe(0, 0, at(0));

        evidence.refused();

        assertThat(evidence.gone(at(0))).isTrue();
    }

    @Test
    void untriedPortTellsNothing() {
        evidence.observe(0, 0, at(0));

        assertThat(evidence.gone(at(60))).isFalse();
    }

    @Test
    void withoutAPortTheTrafficAloneDecides() {
        GoneEvidence caller = new GoneEvidence(Port.NONE);
        caller.observe(1, 1, at(0));

        caller.observe(0, 1, at(1));

        assertThat(caller.gone(at(5.9))).isFalse();
        assertThat(caller.gone(at(6))).isTrue();
    }

    private static Duration at(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
