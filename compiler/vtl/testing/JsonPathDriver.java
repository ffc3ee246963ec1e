import com.jayway.jsonpath.*;
import com.jayway.jsonpath.spi.json.JsonSmartJsonProvider;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

/** Jayway JsonPath over json-smart. First line: a JSON document; then one path per line. Answers "V " + JSON, "M" (no such path) or "E" (not a path). */
public class JsonPathDriver {
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    JsonSmartJsonProvider provider = new JsonSmartJsonProvider();
    String document = in.readLine();
    for (String path; (path = in.readLine()) != null;) {
      try {
        JsonPath compiled;
        try { compiled = JsonPath.compile(path); } catch (Throwable error) { out.println("E " + String.valueOf(error.getMessage()).replace('\n', ' ')); continue; }
        Object value = compiled.read(provider.parse(document));
        out.println("V " + (value instanceof Map || value instanceof List ? provider.toJson(value) : net.minidev.json.JSONValue.toJSONString(value, net.minidev.json.JSONStyle.LT_COMPRESS)));
      } catch (PathNotFoundException error) { out.println("M");
      } catch (Throwable error) { out.println("M " + error.getClass().getSimpleName() + " " + String.valueOf(error.getMessage()).replace('\n', ' ')); }
    }
    out.flush();
  }
}
