package dev.ebb.controlplane.grpc;

import dev.ebb.controlplane.index.Index;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// Opens a [ProxyStream] for each proxy.
final class DestinationService extends DestinationGrpc.DestinationImplBase {
    private final Index index;
    private final SingleWriter writer;
    private final String replica;

    DestinationService(Index index, SingleWriter writer, String replica) {
        this.index = index;
        this.writer = writer;
        this.replica = replica;
    }

    @Override
    public StreamObserver<ProxyMessage> connect(StreamObserver<ControlMessage> responses) {
        ProxyStream stream =
                new ProxyStream(
                        index,
                        writer,
                        replica,
                        Peer.CURRENT.get(),
                        (ServerCallStreamObserver<ControlMessage>) responses);
        stream.open();
        return stream;
    }
}
