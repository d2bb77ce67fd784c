package org.postern.servicerequests.internal.requestpath;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What was done on the way of a request since the last reset. Counted is what happens below the entry points of the
 * life cycle and in the ledger's writer; the simulator, the timers and the queries of a test are not.
 */
public final class Counts {

    private static final String HOUSE = "org.postern.servicerequests.internal.";
    private static final String ENTRIES = HOUSE + "LifeCycle";
    private static final Set<String> BESIDE = Set.of(HOUSE + "lifecycle.Timers");
    private static final String WRITER = "postern-ledger-writer";

    /** Every read of a document, by the way below which it happened. */
    static final List<String> DOCUMENTS = new CopyOnWriteArrayList<>();
    /** Every statement, with R for one that reads and W for one that writes. */
    static final List<String> STATEMENTS = new CopyOnWriteArrayList<>();
    /** Commits. */
    static final List<String> COMMITS = new CopyOnWriteArrayList<>();
    /** Methods of the life cycle, by the way and the source file; accessors of records are none. */
    static final Map<String, Set<String>> METHODS = new ConcurrentHashMap<>();

    /**
     * What one request took.
     *
     * @param documents documents parsed, the request's and the DCC's, each named by the entry point below which it was
     * @param reads statements that read
     * @param writes statements that write
     * @param commits transactions
     * @param methods methods of the life cycle that were entered, by entry point and source file
     * @param told the complete report, for display
     */
    record Taken(
            List<String> documents,
            int reads,
            int writes,
            int commits,
            Map<String, Set<String>> methods,
            String told) {}

    private Counts() {}

    static void reset() {
        DOCUMENTS.clear();
        STATEMENTS.clear();
        COMMITS.clear();
        METHODS.clear();
    }

    static Taken taken() {
        int reads = (int) STATEMENTS.stream().filter(sql -> sql.startsWith("R")).count();
        return new Taken(
                List.copyOf(DOCUMENTS), reads, STATEMENTS.size() - reads, COMMITS.size(), Map.copyOf(METHODS), told());
    }

    /** Called by every method of the life cycle. */
    public static void entered(String type, String method) {
        String entry = entry();
        if (!entry.isEmpty()) {
            String file = entry + " " + type.replaceAll("\\$.*", "").replace(HOUSE, "");
            METHODS.computeIfAbsent(file, name -> new ConcurrentSkipListSet<>()).add(method);
        }
    }

    /** Called by everything that parses a document. */
    public static void read(String reader) {
        String entry = entry();
        if (!entry.isEmpty()) {
            DOCUMENTS.add(entry + " " + reader);
        }
    }

    /** The method of the life cycle that called this code; empty if it does not process a request. */
    private static String entry() {
        return StackWalker.getInstance().walk(frames -> {
            String entry = "";
            for (StackWalker.StackFrame frame : (Iterable<StackWalker.StackFrame>) frames::iterator) {
                String type = frame.getClassName().replaceAll("\\$.*", "");
                if (type.startsWith("org.postern.simulator.") || BESIDE.contains(type)) {
                    return "";
                }
                if (type.equals(ENTRIES)) {
                    entry = frame.getMethodName();
                }
            }
            return entry;
        });
    }

    private static boolean counted() {
        return Thread.currentThread().getName().equals(WRITER) || !entry().isEmpty();
    }

    /** The same connection, with its statements and commits counted. */
    public static Connection counting(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Counts.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    if (method.getName().equals("commit") && counted()) {
                        COMMITS.add("");
                    }
                    Object result = call(method, connection, args);
                    return result instanceof PreparedStatement statement
                                    && method.getName().equals("prepareStatement")
                            ? counting(statement, (String) args[0])
                            : result;
                });
    }

    private static Object counting(PreparedStatement statement, String sql) {
        return Proxy.newProxyInstance(
                Counts.class.getClassLoader(), new Class<?>[] {PreparedStatement.class}, (proxy, method, args) -> {
                    boolean query = method.getName().equals("executeQuery");
                    if ((query || method.getName().equals("executeUpdate")) && counted()) {
                        STATEMENTS.add((query ? "R " : "W ") + sql);
                    }
                    return call(method, statement, args);
                });
    }

    private static Object call(java.lang.reflect.Method method, Object target, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** For people, where a bound is broken. */
    private static String told() {
        StringBuilder text = new StringBuilder();
        METHODS.keySet().stream()
                .sorted()
                .forEach(file -> text.append(file)
                        .append(' ')
                        .append(new TreeSet<>(METHODS.get(file)))
                        .append('\n'));
        DOCUMENTS.forEach(read -> text.append(read).append('\n'));
        STATEMENTS.forEach(
                sql -> text.append(sql, 0, Math.min(110, sql.length())).append('\n'));
        return text.append(COMMITS.size()).append(" transactions").toString();
    }
}
