package org.postern.faultsimulation.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file or folder of a simulated disk, open. */
final class DiskChannel extends FileChannel {

    private final SimulatedDisk disk;
    private final SimulatedDisk.Node node;
    private final String path;
    private final boolean append;
    private int position;

    DiskChannel(SimulatedDisk disk, SimulatedDisk.Node node, String path, boolean append) {
        this.disk = disk;
        this.node = node;
        this.path = path;
        this.append = append;
    }

    /** Of a folder: good for being forced alone. */
    static DiskChannel ofFolder(SimulatedDisk disk, String path) {
        return new DiskChannel(disk, null, path, false);
    }

    @Override
    public int read(ByteBuffer target) {
        int read = read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int read(ByteBuffer target, long from) {
        byte[] bytes = disk.read(node, Math.toIntExact(from), target.remaining());
        target.put(bytes);
        return bytes.length == 0 ? -1 : bytes.length;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            int read = read(targets[i]);
            if (read < 0) {
                return all == 0 ? -1 : all;
            }
            all += read;
        }
        return all;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (append) {
            position = disk.size(node);
        }
        int written = write(source, position);
        position += written;
        return written;
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        byte[] bytes = new byte[source.remaining()];
        source.duplicate().get(bytes);
        disk.write(node, path, Math.toIntExact(at), bytes);
        source.position(source.limit());
        return bytes.length;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            all += write(sources[i]);
        }
        return all;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long next) {
        position = Math.toIntExact(next);
        return this;
    }

    @Override
    public long size() {
        return disk.size(node);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.truncate(node, path, Math.toIntExact(size));
        position = Math.min(position, Math.toIntExact(size));
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        if (node == null) {
            disk.forceFolder(path);
        } else {
            disk.force(node, path);
        }
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        return target.write(ByteBuffer.wrap(
                disk.read(node, Math.toIntExact(from), Math.toIntExact(Math.min(count, Integer.MAX_VALUE)))));
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException("transferFrom");
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw new UnsupportedOperationException("map");
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) {
        return tryLock(at, size, shared);
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) {
        return new FileLock(this, at, size, shared) {
            @Override
            public boolean isValid() {
                return channel().isOpen();
            }

            @Override
            public void release() {
                // nobody else has this disk
            }
        };
    }

    @Override
    protected void implCloseChannel() {
        // nothing is held
    }
}
