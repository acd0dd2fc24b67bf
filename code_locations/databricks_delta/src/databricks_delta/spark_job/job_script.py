import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

SCRIPT = Path(__file__).with_name("replace_periods.py")


def uploaded_script(client: "WorkspaceClient", volume: str) -> str:
    """The path of the script in a volume, stored there unless it is.

    Its name holds its content's hash: a deployment never changes the script under a job that another one started.

    Raises:
        DatabricksError: when the volume is not there, or not open to us.
    """
    from databricks.sdk.errors import NotFound  # noqa: PLC0415 - a cloud client, which the laptop does not have

    content = SCRIPT.read_bytes()
    path = f"{volume}/{SCRIPT.stem}-{hashlib.sha256(content).hexdigest()[:16]}.py"
    try:
        client.files.get_metadata(path)
    except NotFound:
        # Two runs may both find it missing: they store the same.
        client.files.upload(path, io.BytesIO(content), overwrite=True)
    return path
