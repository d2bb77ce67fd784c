package org.postern.testkitprocess;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.ledger.internal.Packer;

/** Reads the ledger's database file from another process; never writes it. */
public final class LedgerFile {

    private final Path file;

    public LedgerFile(PosternProcess postern) {
        this.file = postern.home().resolve("state/ledger/ledger.db");
    }

    /** The rows of a query, each as value by column name; the arguments replace the question marks. */
    public List<Map<String, Object>> rows(String query, Object... arguments) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro");
                PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<Map<String, Object>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    for (int i = 1; i <= columns; i++) {
                        row.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    /** The first column of the first row as a number. */
    public long number(String query, Object... arguments) throws SQLException {
        return ((Number) rows(query, arguments).get(0).values().iterator().next()).longValue();
    }

    /** Decompresses the document in a column. */
    public static byte[] document(byte[] packed) {
        try (Packer packer = new Packer()) {
            return packer.unpack(packed, "document");
        }
    }

    /** State of a request, or "" where there is no such request. */
    public String state(String id) throws SQLException {
        List<Map<String, Object>> rows = rows("SELECT state FROM requests WHERE id = ?", id);
        return rows.isEmpty() ? "" : String.valueOf(rows.get(0).get("state"));
    }
}
